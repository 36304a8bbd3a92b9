import { AMQPSession } from "@cloudamqp/amqp-client";
import { incoming } from "../clients/cloudamqp.ts";
import { type Keep, PAUSE, TAG } from "./keeper.ts";

/** A session of @cloudamqp/amqp-client makes the connection and its subscriptions again. */
export const cloudamqpSession: Keep = async (url, queue, told, onMessage) => {
  const session = await AMQPSession.connect(url, {
    reconnectInterval: PAUSE,
    onconnect: () => told.note("connected"),
    ondisconnect: (error) => told.note("ended", error),
    onfailed: (error) => told.note("failed", error),
    onrecoverfailed: (_queue, error) => told.note("wrapper-error", error),
  });
  const subscription = await (await session.queue(queue, { passive: true })).subscribe(
    { tag: TAG, noAck: false, manualAck: true },
    (message) => onMessage(incoming(message)),
  );
  return {
    async close() {
      await subscription.channel.close();
      await session.stop();
    },
  };
};

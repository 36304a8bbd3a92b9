import { Connection, ConsumerStatus } from "rabbitmq-client";
import { plain } from "../plain.ts";
import { type Keep, PAUSE, TAG } from "./keeper.ts";

/** rabbitmq-client makes everything again. It answers a delivery as its handler's promise says. */
export const rabbitmqClient: Keep = async (url, queue, told, onMessage) => {
  /** The library consumes again only when no handler of a lost connection is at work any more. */
  let giveUp = () => {};
  const connection = new Connection({ url, retryLow: PAUSE, retryHigh: PAUSE, noDelay: true });
  connection.on("connection", () => told.note("connected"));
  connection.on("error", (error) => {
    told.note("ended", error);
    giveUp();
  });
  const settings = { queue, queueOptions: { passive: true }, consumerTag: TAG };
  const consumer = connection.createConsumer(settings, (message) => {
    const { promise, resolve } = Promise.withResolvers<ConsumerStatus>();
    giveUp = () => resolve(ConsumerStatus.REQUEUE);
    onMessage({
      body: Buffer.from(message.body),
      redelivered: message.redelivered,
      said: plain(message),
      ack: () => resolve(ConsumerStatus.ACK),
      nack: (requeue) => resolve(requeue ? ConsumerStatus.REQUEUE : ConsumerStatus.DROP),
    });
    return promise;
  });
  consumer.on("error", (error) => told.note("consumer-error", error));
  return {
    async close() {
      await consumer.close();
      await connection.close();
    },
  };
};

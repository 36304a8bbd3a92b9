import amqp from "amqp-connection-manager";
import { incoming } from "../clients/amqplib-message.ts";
import { type Keep, PAUSE, TAG } from "./keeper.ts";

/** amqp-connection-manager makes the connection, the channel and the consumer again. */
export const connectionManager: Keep = async (url, queue, told, onMessage) => {
  const manager = amqp.connect([url], {
    reconnectTimeInSeconds: PAUSE / 1000,
    connectionOptions: { noDelay: true },
  });
  manager.on("connect", () => told.note("connected"));
  manager.on("disconnect", ({ err }) => told.note("ended", err));
  manager.on("connectFailed", ({ err }) => told.note("failed", err));
  const wrapper = manager.createChannel();
  wrapper.on("error", (error) => told.note("wrapper-error", error));
  await wrapper.waitForConnect();
  const consumerTag = TAG;
  await wrapper.consume(queue, (message) => onMessage(incoming(wrapper, message)), { consumerTag });
  return {
    async close() {
      await wrapper.close();
      await manager.close();
    },
  };
};

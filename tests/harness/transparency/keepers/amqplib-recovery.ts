import { type Channel, type ChannelModel, connect } from "amqplib";
import { incoming } from "../clients/amqplib-message.ts";
import { type Keep, PAUSE, TAG } from "./keeper.ts";

/** amqplib makes the connection again; its `setup` hook makes the consumer again. */
export const amqplibRecovery: Keep = async (url, queue, told, onMessage) => {
  let channel: Channel | undefined;
  const setup = async (model: ChannelModel) => {
    told.note("connected");
    const opened = await model.createChannel();
    channel = opened;
    opened.on("error", (error) => told.note("channel-error", error));
    opened.on("close", () => told.note("channel-close"));
    await opened.consume(queue, (message) => message && onMessage(incoming(opened, message)), {
      consumerTag: TAG,
    });
  };
  const recovery = { initialDelay: PAUSE, jitter: 0, setup };
  const model = await connect(url, { noDelay: true, recovery });
  model.on("disconnect", (error) => told.note("ended", error));
  model.on("error", (error) => told.note("error", error));
  model.on("connect-failed", (error) => told.note("failed", error));
  return {
    async close() {
      await channel?.close(); // What it has acked is sent for certain.
      await model.close();
    },
  };
};

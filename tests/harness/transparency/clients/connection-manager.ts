import { once } from "node:events";
import amqp from "amqp-connection-manager";
import type { ChannelModel, ConfirmChannel } from "amqplib";
import { within } from "../../../../harness/until.ts";
import { type Channel, type Client, FRAME_OVERHEAD } from "../client.ts";
import { Told } from "../told.ts";
import { incoming, options } from "./amqplib-message.ts";
import type { Negotiated } from "./amqplib-promise.ts";

type Manager = ReturnType<typeof amqp.connect>;

/** amqp-connection-manager, which keeps a connection of amqplib and its channels alive. */
export async function connectionManager(url: string): Promise<Client> {
  const told = new Told();
  const manager = amqp.connect([url], {
    reconnectTimeInSeconds: 0.01,
    connectionOptions: { noDelay: true },
  });
  manager.on("connect", ({ connection }) => {
    told.note("connected", (connection as unknown as ChannelModel).connection.serverProperties);
  });
  manager.on("disconnect", ({ err }) => told.note("ended", err));
  manager.on("connectFailed", ({ err }) => told.note("connect-failed", err));
  manager.on("blocked", ({ reason }) => told.note("blocked", reason));
  manager.on("unblocked", () => told.note("unblocked"));
  await within("the connection manager to connect", once(manager, "connect"));
  const { frameMax } = (manager.connection as ChannelModel).connection as unknown as Negotiated;
  return {
    told,
    bodyPerFrame: frameMax - FRAME_OVERHEAD,
    consumesAgain: true,
    openChannel: () => openChannel(manager, told),
    close: () => manager.close(),
  };
}

async function openChannel(manager: Manager, told: Told): Promise<Channel> {
  /** What the wrapper has no verbs for is asked of the channel in it. */
  let inner: ConfirmChannel | undefined;
  const wrapper = manager.createChannel({
    async setup(channel: ConfirmChannel) {
      inner = channel;
      channel.on("error", (error) => told.note("channel-error", error));
      channel.on("close", () => told.note("channel-close"));
      channel.on("cancel", (fields) => told.note("cancelled", fields));
      channel.on("return", (message) => told.note("return", message));
    },
  });
  wrapper.on("error", (error) => told.note("wrapper-error", error));
  await within("the channel of the connection manager", wrapper.waitForConnect());
  return {
    declare: (queue, settings = {}) => wrapper.assertQueue(queue, { arguments: settings }),
    check: (queue) => wrapper.checkQueue(queue),
    delete: (queue) => wrapper.deleteQueue(queue),
    publish: ({ queue, body, mandatory, properties }) =>
      wrapper.sendToQueue(queue, body, options(mandatory, properties)),
    async get(queue) {
      const message = await wrapper.get(queue);
      return message ? incoming(wrapper, message) : undefined;
    },
    consume: (queue, consumerTag, onMessage) =>
      wrapper.consume(queue, (message) => onMessage(incoming(wrapper, message)), { consumerTag }),
    prefetch: async (count) => inner?.prefetch(count),
    recover: async () => inner?.recover(),
    close: () => wrapper.close(),
  };
}

import { type ConfirmChannel, connect } from "amqplib";
import { type Channel, type Client, FRAME_OVERHEAD } from "../client.ts";
import { Told } from "../told.ts";
import { incoming, options } from "./amqplib-message.ts";

/** amqplib, by promises. */
export async function amqplibPromise(url: string): Promise<Client> {
  const told = new Told();
  const model = await connect(url, { noDelay: true });
  model.on("error", (error) => told.note("error", error));
  model.on("close", (error) => told.note("ended", error));
  model.on("blocked", (reason) => told.note("blocked", reason));
  model.on("unblocked", () => told.note("unblocked"));
  const { serverProperties, frameMax } = model.connection as unknown as Negotiated;
  told.note("connected", serverProperties);
  return {
    told,
    bodyPerFrame: frameMax - FRAME_OVERHEAD,
    openChannel: async () => channelOf(await model.createConfirmChannel(), told),
    close: () => model.close(),
  };
}

/** What amqplib knows of its connection, beyond what its types declare. */
export interface Negotiated {
  serverProperties: unknown;
  frameMax: number;
}

/** The verbs of a channel of amqplib. */
export function channelOf(channel: ConfirmChannel, told: Told): Channel {
  channel.on("error", (error) => told.note("channel-error", error));
  channel.on("close", () => told.note("channel-close"));
  channel.on("return", (message) => told.note("return", message));
  return {
    declare: (queue, settings = {}) => channel.assertQueue(queue, { arguments: settings }),
    check: (queue) => channel.checkQueue(queue),
    delete: (queue) => channel.deleteQueue(queue),
    publish: ({ queue, body, mandatory, properties }) =>
      new Promise((resolve, reject) => {
        channel.sendToQueue(queue, body, options(mandatory, properties), (error, ok) =>
          error ? reject(error) : resolve(ok),
        );
      }),
    async get(queue) {
      const message = await channel.get(queue);
      return message ? incoming(channel, message) : undefined;
    },
    consume: (queue, consumerTag, onMessage) =>
      channel.consume(
        queue,
        (message) =>
          message ? onMessage(incoming(channel, message)) : told.note("cancelled", consumerTag),
        { consumerTag },
      ),
    prefetch: (count) => channel.prefetch(count),
    recover: () => channel.recover(),
    close: () => channel.close(),
  };
}

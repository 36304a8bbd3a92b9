import {
  type ConfirmChannel,
  type Connection,
  connect,
  type GetMessage,
} from "amqplib/callback_api";
import { type Channel, type Client, FRAME_OVERHEAD } from "../client.ts";
import { Told } from "../told.ts";
import { incoming, options } from "./amqplib-message.ts";
import type { Negotiated } from "./amqplib-promise.ts";

type Callback<T> = (error: Error, value: T) => void;

/** What an asynchronous call hands to its callback. */
function called<T>(call: (callback: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error ? reject(error) : resolve(value)));
  });
}

/** amqplib, by callbacks. */
export async function amqplibCallback(url: string): Promise<Client> {
  const told = new Told();
  const connection = await called<Connection>((done) => connect(url, { noDelay: true }, done));
  connection.on("error", (error) => told.note("error", error));
  connection.on("close", (error) => told.note("ended", error));
  connection.on("blocked", (reason) => told.note("blocked", reason));
  connection.on("unblocked", () => told.note("unblocked"));
  const { serverProperties, frameMax } = connection.connection as unknown as Negotiated;
  told.note("connected", serverProperties);
  return {
    told,
    bodyPerFrame: frameMax - FRAME_OVERHEAD,
    openChannel: async () =>
      channelOf(
        await called<ConfirmChannel>((done) => connection.createConfirmChannel(done)),
        told,
      ),
    close: () => called<void>((done) => connection.close(done as () => void)),
  };
}

function channelOf(channel: ConfirmChannel, told: Told): Channel {
  channel.on("error", (error) => told.note("channel-error", error));
  channel.on("close", () => told.note("channel-close"));
  channel.on("return", (message) => told.note("return", message));
  return {
    declare: (queue, settings = {}) =>
      called((done) => channel.assertQueue(queue, { arguments: settings }, done)),
    check: (queue) => called((done) => channel.checkQueue(queue, done)),
    delete: (queue) => called((done) => channel.deleteQueue(queue, {}, done)),
    publish: ({ queue, body, mandatory, properties }) =>
      called((done) => channel.sendToQueue(queue, body, options(mandatory, properties), done)),
    async get(queue) {
      const message = await called<GetMessage | false>((done) => channel.get(queue, {}, done));
      return message ? incoming(channel, message) : undefined;
    },
    consume: (queue, consumerTag, onMessage) =>
      called((done) =>
        channel.consume(
          queue,
          (message) =>
            message ? onMessage(incoming(channel, message)) : told.note("cancelled", consumerTag),
          { consumerTag },
          done,
        ),
      ),
    prefetch: (count) => called((done) => channel.prefetch(count, false, done)),
    recover: () => called((done) => channel.recover(done)),
    close: () => called((done) => channel.close(done as () => void)),
  };
}

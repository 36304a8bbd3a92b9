import {
  AMQPClient,
  type AMQPMessage,
  type AMQPProperties,
  type AMQPChannel as Raw,
} from "@cloudamqp/amqp-client";
import {
  type Client,
  FRAME_OVERHEAD,
  type Incoming,
  type Properties,
  type Transactions,
} from "../client.ts";
import { plain } from "../plain.ts";
import { Told } from "../told.ts";

const PERSISTENT = 2;
const TRANSIENT = 1;

/** @cloudamqp/amqp-client. */
export async function cloudamqp(url: string): Promise<Client> {
  const told = new Told();
  const client = new AMQPClient(url);
  client.onerror = (error) => told.note("error", error);
  client.ondisconnect = (error) => told.note("ended", error);
  client.onblocked = (reason) => told.note("blocked", reason);
  client.onunblocked = () => told.note("unblocked");
  await client.connect();
  client.socket?.setNoDelay(true);
  told.note("connected");
  return {
    told,
    bodyPerFrame: client.frameMax - FRAME_OVERHEAD,
    async openChannel() {
      const channel = await client.channel();
      await channel.confirmSelect();
      return channelOf(channel, told);
    },
    async openTransactions() {
      const channel = await client.channel();
      await channel.txSelect();
      return channelOf(channel, told);
    },
    close: () => client.close(),
  };
}

function channelOf(channel: Raw, told: Told): Transactions {
  channel.onerror = (reason) => told.note("channel-error", reason);
  channel.onReturn = (message) => told.note("return", withoutChannel(message));
  return {
    declare: (queue, settings = {}) => channel.queueDeclare(queue, { durable: true }, settings),
    check: (queue) => channel.queueDeclare(queue, { passive: true }),
    delete: (queue) => channel.queueDelete(queue),
    publish: ({ queue, body, mandatory, properties = {} }) =>
      channel.basicPublish("", queue, body, native(properties), mandatory),
    async get(queue) {
      const message = await channel.basicGet(queue, { noAck: false });
      return message ? incoming(message) : undefined;
    },
    async consume(queue, tag, onMessage) {
      const consumer = await channel.basicConsume(queue, { tag, noAck: false }, (message) =>
        onMessage(incoming(message)),
      );
      consumer.wait().then(
        () => told.note("consumer-ended", tag),
        (error) => told.note("cancelled", tag, error),
      );
      return { consumerTag: consumer.tag };
    },
    prefetch: (count) => channel.prefetch(count),
    recover: () => channel.basicRecover(true),
    commit: () => channel.txCommit(),
    rollback: () => channel.txRollback(),
    close: () => channel.close(),
  };
}

function native({ persistent = false, timestamp, headers, ...rest }: Properties): AMQPProperties {
  return {
    ...rest,
    deliveryMode: persistent ? PERSISTENT : TRANSIENT,
    ...(timestamp === undefined ? {} : { timestamp: new Date(timestamp * 1000) }),
    ...(headers === undefined
      ? {}
      : { headers: headers as NonNullable<AMQPProperties["headers"]> }),
  };
}

export function incoming(message: AMQPMessage): Incoming {
  return {
    body: Buffer.from(message.body ?? []),
    redelivered: message.redelivered,
    said: withoutChannel(message),
    // The message itself keeps count, and would not send a second ack.
    ack: () => message.channel.basicAck(message.deliveryTag),
    nack: (requeue) => message.channel.basicNack(message.deliveryTag, requeue),
  };
}

/** A message without the channel that it points back to. */
function withoutChannel({ channel: _channel, ...rest }: AMQPMessage): unknown {
  return plain(rest);
}

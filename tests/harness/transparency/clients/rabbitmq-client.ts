import {
  type AsyncMessage,
  Connection,
  type Envelope,
  type Channel as Raw,
  type SyncMessage,
} from "rabbitmq-client";
import { within } from "../../../../harness/until.ts";
import {
  type Client,
  FRAME_OVERHEAD,
  type Incoming,
  type Properties,
  type Transactions,
} from "../client.ts";
import { plain } from "../plain.ts";
import { Told } from "../told.ts";

/** Bytes: the library's default. */
const FRAME_MAX = 8192;
/** rabbitmq-client, which reconnects by itself. */
export async function rabbitmqClient(url: string): Promise<Client> {
  const told = new Told();
  const connection = new Connection({
    url,
    frameMax: FRAME_MAX,
    retryLow: 10,
    retryHigh: 10,
    noDelay: true,
  });
  connection.on("error", (error) => told.note("ended", error));
  connection.on("connection", () => told.note("connected"));
  connection.on("connection.blocked", (reason) => told.note("blocked", reason));
  connection.on("connection.unblocked", () => told.note("unblocked"));
  await within("rabbitmq-client to connect", connection.onConnect());
  const opened: Raw[] = [];
  const acquire = async () => {
    const channel = await connection.acquire({ emitErrorsFromChannel: true });
    opened.push(channel);
    return channel;
  };
  return {
    told,
    bodyPerFrame: FRAME_MAX - FRAME_OVERHEAD,
    async openChannel() {
      const channel = await acquire();
      await channel.confirmSelect();
      return channelOf(channel, told);
    },
    async openTransactions() {
      const channel = await acquire();
      await channel.txSelect();
      return channelOf(channel, told);
    },
    async close() {
      // It waits until its user has closed every channel.
      await Promise.all(opened.filter(({ active }) => active).map((channel) => channel.close()));
      await connection.close();
    },
  };
}

function channelOf(channel: Raw, told: Told): Transactions {
  channel.on("error", (error) => told.note("channel-error", error));
  channel.on("close", () => told.note("channel-close"));
  channel.on("basic.return", (message) => told.note("return", message));
  channel.on("basic.cancel", (tag, error) => told.note("cancelled", tag, error));
  return {
    declare: (queue, settings = {}) =>
      channel.queueDeclare({ queue, durable: true, arguments: settings }),
    check: (queue) => channel.queueDeclare({ queue, passive: true }),
    delete: (queue) => channel.queueDelete({ queue }),
    publish: ({ queue, body, mandatory = false, properties = {} }) =>
      channel.basicPublish({ routingKey: queue, mandatory, ...envelope(properties) }, body),
    async get(queue) {
      const message = await channel.basicGet({ queue });
      return message && incoming(channel, message);
    },
    consume: (queue, consumerTag, onMessage) =>
      channel.basicConsume({ queue, consumerTag }, (message) =>
        onMessage(incoming(channel, message)),
      ),
    prefetch: (prefetchCount) => channel.basicQos({ prefetchCount }),
    recover: () => channel.basicRecover({ requeue: true }),
    commit: () => channel.txCommit(),
    rollback: () => channel.txRollback(),
    close: () => channel.close(),
  };
}

/** The library would stamp each message with the time, which is another one each time. */
const TIMESTAMP = 1_700_000_000;

function envelope({ persistent = false, ...properties }: Properties): Envelope {
  return { durable: persistent, timestamp: TIMESTAMP, ...properties };
}

export function incoming(channel: Raw, message: AsyncMessage | SyncMessage): Incoming {
  const { deliveryTag, redelivered, body } = message;
  return {
    body: Buffer.from(body),
    redelivered,
    said: plain(message),
    ack: () => channel.basicAck({ deliveryTag }),
    nack: (requeue) => channel.basicNack({ deliveryTag, requeue }),
  };
}

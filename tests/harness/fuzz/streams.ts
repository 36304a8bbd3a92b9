/** Valid streams: what a client or a broker may say, on several channels at once. */
import fc, { type Arbitrary } from "fast-check";
import { bodyFrame, headerFrame, heartbeatFrame, methodFrame } from "../amqp/amqplib-codec.ts";

/** One thing that is said on a channel: a method, and its content if it has any. */
interface Saying {
  channel: number;
  text: string;
  number: number;
  flag: boolean;
  /** Bytes of each body frame. */
  bodies: number[];
}

type Say = (saying: Saying) => Buffer[];

const method =
  (name: string, fields: (saying: Saying) => Record<string, unknown> = () => ({})): Say =>
  (saying) => [methodFrame(name, fields(saying), saying.channel)];

const content = (name: string, fields: (saying: Saying) => Record<string, unknown>): Say => {
  const first = method(name, fields);
  return (saying) => {
    const { channel, text, flag, bodies } = saying;
    const size = bodies.reduce((sum, each) => sum + each, 0);
    const properties = {
      ...(flag ? { messageId: `task-${saying.number}`, deliveryMode: 2 } : { correlationId: "c" }),
      ...(text === "" ? {} : { headers: { [text]: [1, text, { nested: null }] }, appId: "app" }),
    };
    const frames = bodies.map((each) => bodyFrame(Buffer.alloc(each, 0xce), channel));
    return [...first(saying), headerFrame(size, properties, channel), ...frames];
  };
};

const onConnection = (say: Say): Say => {
  return (saying) => say({ ...saying, channel: 0 });
};

const heartbeat: Say = () => [heartbeatFrame];

/** A method of no class that is known here: an extension, which AMQP allows. */
const unknown: Say = ({ channel, number, text }) => {
  const payload = Buffer.concat([Buffer.of(0, 99, 0, number % 256), Buffer.from(text)]);
  const frame = bodyFrame(payload, channel);
  frame.writeUInt8(1, 0);
  return [frame];
};

const tag = ({ number, flag }: Saying) => ({ deliveryTag: number, multiple: flag });

const EITHER: Say[] = [
  heartbeat,
  unknown,
  method("basic.ack", tag),
  method("basic.nack", (saying) => ({ ...tag(saying), requeue: !saying.flag })),
  method("channel.close", ({ text }) => ({
    replyCode: 406,
    replyText: text,
    classId: 60,
    methodId: 40,
  })),
  method("channel.close-ok"),
  method("basic.cancel", ({ text, flag }) => ({ consumerTag: text, nowait: flag })),
  onConnection(
    method("connection.close", ({ text }) => ({
      replyCode: 320,
      replyText: text,
      classId: 0,
      methodId: 0,
    })),
  ),
  onConnection(method("connection.close-ok")),
];

const BY_CLIENT: Say[] = [
  ...EITHER,
  ...Array(4).fill(
    content("basic.publish", ({ text, flag }) => ({ routingKey: text, mandatory: flag })),
  ),
  method("basic.reject", ({ number, flag }) => ({ deliveryTag: number, requeue: flag })),
  method("basic.qos", ({ number, flag }) => ({ prefetchCount: number % 65_536, global: flag })),
  method("basic.consume", ({ text, flag }) => ({ queue: text, noAck: flag, nowait: !flag })),
  method("basic.get", ({ text, flag }) => ({ queue: text, noAck: flag })),
  method("basic.recover", ({ flag }) => ({ requeue: flag })),
  method("channel.open"),
  method("confirm.select"),
  method("tx.select"),
  method("tx.commit"),
  method("queue.declare", ({ text, flag }) => ({ queue: text, durable: flag })),
  onConnection(
    method("connection.start-ok", ({ text }) => ({
      clientProperties: { product: text, capabilities: { consumer_cancel_notify: true } },
      response: Buffer.from("\0guest\0guest"),
    })),
  ),
  onConnection(method("connection.open", ({ text }) => ({ virtualHost: text }))),
];

const BY_BROKER: Say[] = [
  ...EITHER,
  ...Array(4).fill(
    content("basic.deliver", ({ text, number, flag }) => ({
      consumerTag: text,
      deliveryTag: number,
      redelivered: flag,
      exchange: "",
      routingKey: text,
    })),
  ),
  content("basic.return", ({ text }) => ({
    replyCode: 312,
    replyText: text,
    exchange: "",
    routingKey: text,
  })),
  content("basic.get-ok", ({ number, flag }) => ({
    deliveryTag: number,
    redelivered: flag,
    exchange: "",
    routingKey: "",
    messageCount: number,
  })),
  method("basic.get-empty"),
  method("basic.consume-ok", ({ text }) => ({ consumerTag: text })),
  method("basic.qos-ok"),
  method("channel.open-ok"),
  method("confirm.select-ok"),
  method("queue.declare-ok", ({ text, number }) => ({
    queue: text,
    messageCount: number,
    consumerCount: 1,
  })),
  onConnection(
    method("connection.start", ({ text }) => ({
      serverProperties: { product: text, list: [true, 2, "three"] },
      mechanisms: Buffer.from("PLAIN"),
    })),
  ),
  onConnection(method("connection.blocked", ({ text }) => ({ reason: text }))),
  onConnection(method("connection.unblocked")),
];

/** The frames of a stream by a client or a broker, without the client's protocol header. */
export function validFrames(by: "client" | "broker"): Arbitrary<Buffer[]> {
  const says = by === "client" ? BY_CLIENT : BY_BROKER;
  const said = fc
    .tuple(
      fc.nat(says.length - 1),
      fc.constantFrom(1, 2, 3, 65_535),
      fc.constantFrom("", "tasks", "größe", "x".repeat(255)),
      fc.constantFrom(0, 1, 2, 7, 0xffff_ffff),
      fc.boolean(),
      fc.array(fc.constantFrom(0, 1, 7, 300), { maxLength: 3 }),
    )
    .map(([which, channel, text, number, flag, bodies]) => {
      const say = says[which] as Say;
      return { channel, frames: say({ channel, text, number, flag, bodies }) };
    });
  const picks = fc.array(fc.nat(7), { minLength: 1, maxLength: 8 });
  return fc
    .tuple(fc.array(said, { maxLength: 10 }), picks)
    .map(([sayings, order]) => interleave(sayings, order));
}

/** Puts the frames of several channels in one line. Those of one channel keep their order. */
function interleave(sayings: { channel: number; frames: Buffer[] }[], order: number[]): Buffer[] {
  const byChannel = new Map<number, Buffer[]>();
  for (const { channel, frames } of sayings) {
    byChannel.set(channel, [...(byChannel.get(channel) ?? []), ...frames]);
  }
  const line: Buffer[] = [];
  const waiting = [...byChannel.values()];
  for (let turn = 0; waiting.length > 0; turn++) {
    const at = (order[turn % order.length] as number) % waiting.length;
    const frames = waiting[at] as Buffer[];
    line.push(frames.shift() as Buffer);
    if (frames.length === 0) waiting.splice(at, 1);
  }
  return line;
}

/** How a stream is cut into chunks: these lengths, over and over. */
export const cuts: Arbitrary<number[]> = fc.array(
  fc.constantFrom(1, 2, 3, 7, 8, 9, 40, 200, 1000, 65_536),
  { minLength: 1, maxLength: 6 },
);

export function cut(stream: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const end = at + (lengths[turn % lengths.length] as number);
    chunks.push(stream.subarray(at, end));
    at = end;
  }
  return chunks;
}

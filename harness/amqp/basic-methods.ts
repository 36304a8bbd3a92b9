import type { Decoders } from "./methods.ts";

/** Class 60: messages, and what becomes of them. */
export type BasicMethod =
  | { name: "basic.qos"; prefetchCount: number; global: boolean }
  | { name: "basic.qos-ok" }
  | {
      name: "basic.consume";
      queue: string;
      /** Empty where the broker is to choose one. */
      consumerTag: string;
      noAck: boolean;
      exclusive: boolean;
      nowait: boolean;
    }
  | { name: "basic.consume-ok"; consumerTag: string }
  /** From the client, or from a broker that has lost the consumer's queue. */
  | { name: "basic.cancel"; consumerTag: string; nowait: boolean }
  | { name: "basic.cancel-ok"; consumerTag: string }
  | { name: "basic.publish"; exchange: string; routingKey: string; mandatory: boolean }
  | { name: "basic.return"; code: number; text: string; exchange: string; routingKey: string }
  | {
      name: "basic.deliver";
      consumerTag: string;
      deliveryTag: number;
      redelivered: boolean;
      exchange: string;
      routingKey: string;
    }
  | { name: "basic.get"; queue: string; noAck: boolean }
  | { name: "basic.get-ok"; deliveryTag: number; redelivered: boolean; messageCount: number }
  | { name: "basic.get-empty" }
  /** From a consumer, or from the broker as a publisher confirm. */
  | { name: "basic.ack"; deliveryTag: number; multiple: boolean }
  | { name: "basic.reject"; deliveryTag: number; requeue: boolean }
  /** From a consumer, or from the broker as a refusal, where `requeue` means nothing. */
  | { name: "basic.nack"; deliveryTag: number; multiple: boolean; requeue: boolean }
  | { name: "basic.recover"; requeue: boolean }
  | { name: "basic.recover-async"; requeue: boolean };

/**
 * Fields are read in wire order: in an object literal, in the order of its keys. Flags that follow
 * each other share an octet, the first in its lowest bit.
 */
export const basicDecoders: Decoders<BasicMethod> = {
  "basic.qos": (fields) => {
    fields.skip(4); // prefetch size: RabbitMQ knows only 0, no limit
    const prefetchCount = fields.short();
    return { name: "basic.qos", prefetchCount, global: flag(fields.octet(), 0) };
  },
  "basic.qos-ok": () => ({ name: "basic.qos-ok" }),
  "basic.consume": (fields) => {
    fields.skip(2); // reserved
    const queue = fields.shortString();
    const consumerTag = fields.shortString();
    const flags = fields.octet();
    fields.skipLongString(); // arguments
    return {
      name: "basic.consume",
      queue,
      consumerTag,
      noAck: flag(flags, 1),
      exclusive: flag(flags, 2),
      nowait: flag(flags, 3),
    };
  },
  "basic.consume-ok": (fields) => ({
    name: "basic.consume-ok",
    consumerTag: fields.shortString(),
  }),
  "basic.cancel": (fields) => ({
    name: "basic.cancel",
    consumerTag: fields.shortString(),
    nowait: flag(fields.octet(), 0),
  }),
  "basic.cancel-ok": (fields) => ({ name: "basic.cancel-ok", consumerTag: fields.shortString() }),
  "basic.publish": (fields) => {
    fields.skip(2); // reserved
    return {
      name: "basic.publish",
      exchange: fields.shortString(),
      routingKey: fields.shortString(),
      mandatory: flag(fields.octet(), 0),
    };
  },
  "basic.return": (fields) => ({
    name: "basic.return",
    code: fields.short(),
    text: fields.shortString(),
    exchange: fields.shortString(),
    routingKey: fields.shortString(),
  }),
  "basic.deliver": (fields) => ({
    name: "basic.deliver",
    consumerTag: fields.shortString(),
    deliveryTag: fields.longlong(),
    redelivered: flag(fields.octet(), 0),
    exchange: fields.shortString(),
    routingKey: fields.shortString(),
  }),
  "basic.get": (fields) => {
    fields.skip(2); // reserved
    return { name: "basic.get", queue: fields.shortString(), noAck: flag(fields.octet(), 0) };
  },
  "basic.get-ok": (fields) => {
    const deliveryTag = fields.longlong();
    const redelivered = flag(fields.octet(), 0);
    fields.skipShortString(); // exchange
    fields.skipShortString(); // routing key
    return { name: "basic.get-ok", deliveryTag, redelivered, messageCount: fields.long() };
  },
  "basic.get-empty": (fields) => {
    fields.skipShortString(); // reserved
    return { name: "basic.get-empty" };
  },
  "basic.ack": (fields) => ({
    name: "basic.ack",
    deliveryTag: fields.longlong(),
    multiple: flag(fields.octet(), 0),
  }),
  "basic.reject": (fields) => ({
    name: "basic.reject",
    deliveryTag: fields.longlong(),
    requeue: flag(fields.octet(), 0),
  }),
  "basic.nack": (fields) => {
    const deliveryTag = fields.longlong();
    const flags = fields.octet();
    return { name: "basic.nack", deliveryTag, multiple: flag(flags, 0), requeue: flag(flags, 1) };
  },
  "basic.recover": (fields) => ({ name: "basic.recover", requeue: flag(fields.octet(), 0) }),
  "basic.recover-async": (fields) => ({
    name: "basic.recover-async",
    requeue: flag(fields.octet(), 0),
  }),
};

function flag(flags: number, bit: number): boolean {
  return (flags & (1 << bit)) !== 0;
}

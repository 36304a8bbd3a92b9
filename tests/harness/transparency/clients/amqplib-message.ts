import type { Message, Options } from "amqplib";
import type { Incoming, Properties } from "../client.ts";
import { plain } from "../plain.ts";

interface Answering {
  ack(message: Message): void;
  nack(message: Message, allUpTo?: boolean, requeue?: boolean): void;
}

/** A message as amqplib hands it out, under any of its APIs. */
export function incoming(channel: Answering, message: Message): Incoming {
  return {
    body: message.content,
    redelivered: (message.fields as { redelivered: boolean }).redelivered,
    said: plain(message),
    ack: () => channel.ack(message),
    nack: (requeue) => channel.nack(message, false, requeue),
  };
}

export function options(mandatory = false, properties: Properties = {}): Options.Publish {
  return { mandatory, ...properties };
}

import type { Event, EventOf } from "../history/event.ts";
import { EFFECTS } from "./subjects.ts";

type Tellers = { [T in Event["type"]]?: (event: EventOf<T>, life?: string) => string };

/** How the events in a task's life are told. */
const TELLERS: Tellers = {
  published: ({ subject, exchange, routingKey, persistent, dropped }) => {
    const where = exchange === "" ? routingKey : `${exchange} (${routingKey})`;
    return `published by ${subject} to ${where}${notes(!persistent && "transient", swallowed(dropped))}`;
  },
  "publish-confirmed": ({ subject, dropped }) => `confirmed to ${subject}${notes(unseen(dropped))}`,
  "publish-refused": ({ subject, dropped }) => `refused to ${subject}${notes(unseen(dropped))}`,
  "publish-returned": ({ subject, code, text, dropped }) =>
    `returned to ${subject}${notes(`${code} ${text}`, unseen(dropped))}`,
  delivered: ({ subject, tag, redelivered, noAck, dropped }) => {
    const facts = [redelivered && "redelivered", noAck && "acked automatically", unseen(dropped)];
    return `delivered to ${subject}${notes(`tag ${tag}`, ...facts)}`;
  },
  acked: ({ subject, tag, dropped }) =>
    `acked by ${subject}${notes(`tag ${tag}`, swallowed(dropped))}`,
  rejected: ({ subject, tag, requeue, dropped }) =>
    `rejected by ${subject}${notes(`tag ${tag}`, requeue ? "requeue" : "for good", swallowed(dropped))}`,
  held: ({ what, subject, hold }) => `${what} of ${subject} held${notes(`hold ${hold}`)}`,
  "channel-closed": ({ subject, by, code, text }) =>
    `channel of ${subject} closed by the ${by}${notes(`${code} ${text}`)}`,
  "connection-closed": ({ subject, by, clean }) =>
    `connection of ${subject} closed by the ${by}${notes(!clean && "without farewell")}`,
  "process-signalled": ({ subject, signal }) => `${signal} sent to ${subject}`,
  "process-exited": ({ subject, code, signal }) =>
    `${subject} ended (${signal === null ? `exit code ${code}` : signal})`,
  "effect-requested": ({ subject }) => `effect asked for by ${subject}`,
  "effect-done": ({ subject }) => `effect done for ${subject}`,
  "effect-abandoned": ({ subject }) => `effect abandoned by ${subject}`,
  "effect-repeated": ({ subject }) =>
    `effect asked for again by ${subject}, and known: not done again`,
  "effect-refused": ({ subject, status }) =>
    `effect refused to ${subject}${notes(`HTTP ${status}`)}`,
  "effect-logged": ({ subject }) =>
    subject === EFFECTS ? "effect found afterwards" : `effect found in the log of ${subject}`,
  "tasks-completed": () => "published, confirmed, delivered, done and acked, once each",
  "task-poisoned": () => "made so that nobody can do it",
  "ack-forged": ({ subject, tag }) =>
    `acked by the link in place of ${subject}${notes(`tag ${tag}`)}`,
  drained: ({ queue, redelivered }) =>
    `drained from ${queue}${notes(redelivered && "redelivered")}`,
  "fault-injected": ({ fault, target, moment, task }, life) => {
    const whose = life !== undefined && task !== null && task !== life ? ` of ${task}` : "";
    return `${fault} of ${target}${notes(moment !== "now" && `at ${moment}${whose}`)}`;
  },
};

/**
 * One event in a few words, without its time.
 *
 * @param life the task in whose life it is told: a fault that was aimed at another one names that.
 */
export function describe(event: Event, life?: string): string {
  const tell = TELLERS[event.type] as ((event: Event, life?: string) => string) | undefined;
  return tell?.(event, life) ?? event.type;
}

function swallowed(dropped: true | undefined): string | false {
  return dropped === true && "never reached the broker";
}

function unseen(dropped: true | undefined): string | false {
  return dropped === true && "never reached the client";
}

function notes(...all: (string | false)[]): string {
  const told = all.filter((one) => one !== false);
  return told.length === 0 ? "" : ` (${told.join(", ")})`;
}

import type { Event } from "../../history/event.ts";
import { TASKS } from "../plan/command.ts";
import type { Accusation } from "./accusation.ts";
import type { Evidence } from "./evidence.ts";
import type { Delivery, Publish } from "./tale.ts";

/** A rule about what one consumer is sent, rather than about one task. */
type ChannelRule = (evidence: Evidence) => Accusation[];

const DOCS = "https://www.rabbitmq.com/docs";

interface First {
  task: string;
  publish: Publish;
  delivery: Delivery;
}

/**
 * Tasks that nobody was sent before come to a consumer in the order in which they were published.
 */
const inOrder: ChannelRule = (evidence) => {
  if (evidence.lives.some(({ terms }) => terms.maxPriority !== undefined)) return [];
  const accusations: Accusation[] = [];
  for (const firsts of firstsByChannel(evidence).values()) {
    for (const [index, later] of firsts.entries()) {
      const earlier = firsts[index - 1];
      if (!earlier || !isBefore(later.publish, earlier.publish)) continue;
      accusations.push({
        rule: "in order",
        task: later.task,
        sentence:
          `${later.task} was published before ${earlier.task}, and sent to ` +
          `${later.delivery.subject} after it.`,
        docs: `${DOCS}/queues#message-ordering`,
      });
    }
  }
  return accusations;
};

/** The tasks that were new to each channel, in the order in which they came. */
function firstsByChannel({ story, prioritized }: Evidence): Map<string, First[]> {
  const all: First[] = [];
  for (const { task, publishes, deliveries } of story.tales.values()) {
    const [publish] = publishes;
    const [delivery] = deliveries;
    if (publishes.length !== 1 || !publish || !delivery) continue;
    if (delivery.redelivered || delivery.queue !== TASKS || prioritized.has(task)) continue;
    all.push({ task, publish, delivery });
  }
  all.sort((a, b) => a.delivery.seq - b.delivery.seq);
  return Map.groupBy(all, ({ delivery }) => `${delivery.connection}/${delivery.channel}`);
}

/** Is it certain that one reached the queue before the other? */
function isBefore(one: Publish, other: Publish): boolean {
  if (one.connection === other.connection && one.channel === other.channel) {
    return one.seq < other.seq;
  }
  return one.answer === "confirmed" && one.answeredAt < other.seq;
}

/**
 * A consumer with manual acks is never sent more than its prefetch allows. One that subscribes again
 * on its channel is another, and what the one before holds does not count.
 */
const withinPrefetch: ChannelRule = ({ chronicle }) => {
  const limits = new Map<string, number>();
  const open = new Map<string, number[]>();
  const accusations: Accusation[] = [];
  for (const event of chronicle.events) {
    if (event.type === "consuming" && event.prefetch > 0 && !event.noAck) {
      limits.set(channelOf(event), event.prefetch);
      open.delete(channelOf(event));
    }
    if (event.type === "acked" || event.type === "rejected") settle(open, event);
    if (event.type !== "delivered") continue;
    const limit = limits.get(channelOf(event));
    if (limit === undefined) continue;
    const unacked = [...(open.get(channelOf(event)) ?? []), event.tag];
    open.set(channelOf(event), unacked);
    if (unacked.length <= limit) continue;
    accusations.push({
      rule: "within the prefetch",
      ...(event.task === null ? {} : { task: event.task }),
      sentence: `${event.subject} was sent ${unacked.length} tasks with a prefetch of ${limit}.`,
      docs: `${DOCS}/consumer-prefetch`,
    });
  }
  return accusations;
};

function settle(
  open: Map<string, number[]>,
  event: Extract<Event, { type: "acked" | "rejected" }>,
): void {
  const isMeant = (tag: number) => (event.multiple ? tag <= event.tag : tag === event.tag);
  const left = (open.get(channelOf(event)) ?? []).filter((tag) => !isMeant(tag));
  open.set(channelOf(event), left);
}

function channelOf({ connection, channel }: { connection: number; channel: number }): string {
  return `${connection}/${channel}`;
}

export const CHANNEL_RULES: readonly ChannelRule[] = [inOrder, withinPrefetch];

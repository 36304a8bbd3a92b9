import type { Event, EventOf } from "../history/event.ts";
import type { Delivery } from "./delivery.ts";
import { type Conviction, conviction, type Evidence } from "./evidence.ts";
import { endedWith, type Life } from "./lives.ts";
import { drainFailed } from "./sentences-of-workers.ts";

/** Milliseconds in which SIGTERM reaches a program, and its cancel the broker. */
const ON_ITS_WAY = 1_000;

/** What a program may exit with: in order, or as its shell tells of SIGTERM (128 + 15). */
const IN_ORDER: readonly (number | null)[] = [0, 143];

/** One SIGTERM of the fault that is about this, and what came of it. */
interface Shutdown {
  readonly life: Life;
  readonly asked: EventOf<"process-signalled">;
  /** Everything that the process was ever sent, that it saw. */
  readonly deliveries: Delivery[];
}

/** The workers that did not end as they should when the fault `worker-term` asked them to. */
export function failedDrains(evidence: Evidence, lives: readonly Life[]): Conviction[] {
  return shutdownsOf(evidence, lives).flatMap((one) => [
    ...ending(evidence, one, lives),
    ...greed(evidence, one),
  ]);
}

function shutdownsOf({ history, tasks }: Evidence, lives: readonly Life[]): Shutdown[] {
  const injected = history.filter((event) => isInjected(event, "worker-term"));
  return injected.flatMap(({ target, seq }) => {
    const life = lives.findLast((one) => one.subject === target && one.since < seq);
    const asked = life?.signals.find((one) => one.signal === "SIGTERM" && one.seq > seq);
    if (!life || !asked) return [];
    const isIts = ({ subject, seen, seq: at }: Delivery) =>
      subject === target &&
      seen &&
      at > life.since &&
      at < (life.exit?.seq ?? Number.POSITIVE_INFINITY);
    const deliveries = [...tasks.all()].flatMap(({ open, past }) =>
      [...past, ...open].filter(isIts),
    );
    return [{ life, asked, deliveries }];
  });
}

function ending(evidence: Evidence, shutdown: Shutdown, lives: readonly Life[]): Conviction[] {
  const { life, asked, deliveries } = shutdown;
  const { subject, exit } = life;
  const left = idsOf(deliveries.filter((one) => !one.answered && isCutShort(one, shutdown, lives)));
  const told = (sentence: string, tasks: string[]) => [
    conviction("drain failed", sentence, tasks, subject),
  ];
  const killed = life.signals.find(({ signal, seq }) => signal === "SIGKILL" && seq > asked.seq);
  const outlived = killed !== undefined && isConnected(evidence, life, killed.seq);
  if (exit === null || exit.signal === "SIGKILL" || outlived) {
    // Another fault did that, and no deadline.
    if (killed && wasKilledByFault(evidence, life, asked.seq)) return [];
    const until = killed?.at ?? evidence.history.at(-1)?.at ?? asked.at;
    return told(drainFailed.late(subject, left, until - asked.at), left);
  }
  if (exit.signal === "SIGTERM") {
    return left.length === 0 ? [] : told(drainFailed.unhandled(subject, left), left);
  }
  if (exit.signal !== null) return told(drainFailed.wrong(subject, exit.signal), []);
  if (IN_ORDER.includes(exit.code)) return [];
  return told(drainFailed.wrong(subject, `exit code ${exit.code}`), []);
}

/** The shell around a worker may be gone before the worker, whose connection tells that it is there. */
function isConnected({ history }: Evidence, { subject, since }: Life, seq: number): boolean {
  const open = new Set<number>();
  for (const event of history) {
    if (event.seq < since || event.seq > seq || !("subject" in event)) continue;
    if (event.subject !== subject) continue;
    if (event.type === "connection-opened") open.add(event.connection);
    if (event.type === "connection-closed") open.delete(event.connection);
  }
  return open.size > 0;
}

/** It was in hand when the process ended, and nothing but that end took it away. */
function isCutShort(delivery: Delivery, { life }: Shutdown, lives: readonly Life[]): boolean {
  return delivery.loss === null || endedWith(delivery, lives) === life;
}

function wasKilledByFault({ history }: Evidence, { subject, exit }: Life, since: number): boolean {
  return history.some(
    (event) =>
      isInjected(event, "worker-kill") &&
      event.target === subject &&
      event.seq > since &&
      event.seq < (exit?.seq ?? Number.POSITIVE_INFINITY),
  );
}

/**
 * New tasks that it took. A program hears SIGTERM a little later, and what its prefetch has room for,
 * or what an ack on its way makes room for, still comes: that may be finished. What came for the ack
 * of a task that had itself come after the signal was taken by a program that goes on as before; so
 * was what came when it had long heard.
 */
function greed({ history }: Evidence, { life, asked, deliveries }: Shutdown): Conviction[] {
  const late = new Map(
    deliveries.filter(({ seq }) => seq > asked.seq).map((one) => [one.seq, one]),
  );
  const lateIds = new Set<string>();
  let room = roomOf(history, life, asked.seq, deliveries);
  const begun: Delivery[] = [];
  for (const event of history.slice(asked.seq, life.exit?.seq)) {
    const delivery = late.get(event.seq);
    if (delivery) {
      room -= 1;
      lateIds.add(delivery.task?.id ?? "");
      const hasHeard = event.at - asked.at > ON_ITS_WAY;
      if ((room < 0 || hasHeard) && isBegun(delivery)) begun.push(delivery);
    } else if (isAnswerBy(event, life.subject)) {
      room += event.tasks.filter((task) => !lateIds.has(task ?? "")).length;
    }
  }
  const ids = idsOf(begun);
  if (ids.length === 0) return [];
  return [conviction("drain failed", drainFailed.greedy(life.subject, ids), ids, life.subject)];
}

/** How many tasks more its prefetch let the broker send it at that point. */
function roomOf(
  history: readonly Event[],
  { subject, since }: Life,
  at: number,
  deliveries: readonly Delivery[],
): number {
  let limit = 0;
  let answered = 0;
  for (const event of history.slice(since, at)) {
    if (!("subject" in event) || event.subject !== subject) continue;
    if (event.type === "channel-closed" || event.type === "connection-closed") limit = 0;
    if (isAnswerBy(event, subject)) answered += event.tasks.length;
    if (event.type !== "consuming") continue;
    limit += event.noAck || event.prefetch === 0 ? Number.POSITIVE_INFINITY : event.prefetch;
  }
  const sent = deliveries.filter(({ seq }) => seq < at).length;
  return Math.max(0, limit - Math.max(0, sent - answered));
}

/** Giving a task back is no beginning. */
function isBegun({ requested, task, subject, seq }: Delivery): boolean {
  if (requested) return true;
  const ends = task?.settlements ?? [];
  return ends.some((end) => end.how === "acked" && end.subject === subject && end.seq > seq);
}

function isAnswerBy(
  event: Event,
  subject: string,
): event is EventOf<"acked"> | EventOf<"rejected"> {
  return (event.type === "acked" || event.type === "rejected") && event.subject === subject;
}

function isInjected(event: Event, fault: string): event is EventOf<"fault-injected"> {
  return event.type === "fault-injected" && event.fault === fault;
}

function idsOf(deliveries: readonly Delivery[]): string[] {
  return [...new Set(deliveries.flatMap(({ task }) => task?.id ?? []))];
}

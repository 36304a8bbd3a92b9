import type { Event } from "../history/event.ts";
import type { Delivery } from "./delivery.ts";
import { type Conviction, conviction, type Evidence } from "./evidence.ts";
import { endedWith, type Life } from "./lives.ts";
import type { Notice } from "./notice.ts";
import { drainFailed } from "./sentences-of-workers.ts";

/** What a program may exit with: in order, or as its shell tells of SIGTERM (128 + 15). */
const IN_ORDER: readonly (number | null)[] = [0, 143];

/** The workers that did not end as they should when the fault `worker-term` asked them to. */
export function failedDrains(evidence: Evidence, lives: readonly Life[]): Conviction[] {
  const shutdowns = lives.flatMap((life) => life.notices.map((notice) => ({ life, notice })));
  return shutdowns
    .sort((one, other) => one.notice.fault - other.notice.fault)
    .flatMap(({ life, notice }) => [
      ...ending(evidence, life, notice, lives),
      ...greed(life, notice),
    ]);
}

function ending(
  evidence: Evidence,
  life: Life,
  { asked }: Notice,
  lives: readonly Life[],
): Conviction[] {
  const { subject, exit } = life;
  const left = idsOf(unanswered(evidence, life).filter((one) => isCutShort(one, life, lives)));
  const told = (sentence: string, tasks: string[]) => [
    conviction("drain failed", sentence, tasks, subject),
  ];
  const killed = life.signals.find(({ signal, seq }) => signal === "SIGKILL" && seq > asked.seq);
  // The shell around a worker may be gone before the worker, whose connection tells that it is there.
  const outlived = killed?.isConnected ?? false;
  if (exit === null || exit.signal === "SIGKILL" || outlived) {
    // Another fault did that, and no deadline.
    if (killed && wasKilledByFault(evidence, life, asked.seq)) return [];
    const until = killed?.at ?? evidence.end;
    return told(drainFailed.late(subject, left, until - asked.at), left);
  }
  if (exit.signal === "SIGTERM") {
    return left.length === 0 ? [] : told(drainFailed.unhandled(subject, left), left);
  }
  if (exit.signal !== null) return told(drainFailed.wrong(subject, exit.signal), []);
  if (IN_ORDER.includes(exit.code)) return [];
  return told(drainFailed.wrong(subject, `exit code ${exit.code}`), []);
}

/** All that the process was ever sent, that it saw, and did not answer. */
function unanswered({ tasks }: Evidence, { subject, since, exit }: Life): Delivery[] {
  const isIts = (delivery: Delivery) =>
    delivery.subject === subject &&
    delivery.seen &&
    !delivery.answered &&
    delivery.seq > since &&
    delivery.seq < (exit?.seq ?? Number.POSITIVE_INFINITY);
  return [...tasks.all()].flatMap(({ open, past }) => [...past, ...open].filter(isIts));
}

/** It was in hand when the process ended, and nothing but that end took it away. */
function isCutShort(delivery: Delivery, life: Life, lives: readonly Life[]): boolean {
  return delivery.loss === null || endedWith(delivery, lives) === life;
}

function wasKilledByFault({ faults }: Evidence, { subject, exit }: Life, since: number): boolean {
  return faults.some(
    ({ fault, target, seq }) =>
      fault === "worker-kill" &&
      target === subject &&
      seq > since &&
      seq < (exit?.seq ?? Number.POSITIVE_INFINITY),
  );
}

/** New tasks that it took, though it should have heard; see `Notice`. */
function greed(life: Life, { late }: Notice): Conviction[] {
  const { subject } = life;
  const ids = idsOf(late.filter((delivery) => isBegun(delivery, life)));
  if (ids.length === 0) return [];
  return [conviction("drain failed", drainFailed.greedy(subject, ids), ids, subject)];
}

/** Giving a task back is no beginning; nor is what the next process of that name does with it. */
function isBegun({ task, subject, seq, channel }: Delivery, { exit }: Life): boolean {
  const until = exit?.seq ?? Number.POSITIVE_INFINITY;
  const isRequest = (event: Event) =>
    event.type === "effect-requested" &&
    event.subject === subject &&
    event.seq > seq &&
    event.seq <= until;
  if (task?.events.some(isRequest)) return true;
  const ends = task?.settlements ?? [];
  return ends.some((end) => end.how === "acked" && end.channel === channel && end.seq > seq);
}

function idsOf(deliveries: readonly Delivery[]): string[] {
  return [...new Set(deliveries.flatMap(({ task }) => task?.id ?? []))];
}

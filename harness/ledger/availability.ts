import type { Event, FaultName } from "../history/event.ts";
import { DRAIN } from "./subjects.ts";
import { type Wait, waitsFor } from "./waits.ts";
import { WantedConfirms } from "./wanted-confirms.ts";
import { WantedDeliveries } from "./wanted-deliveries.ts";

/**
 * The longest time without an answer that somebody wanted: whole milliseconds; `unending` where
 * none came any more; null where nobody ever wanted one.
 */
export type Gap = number | "unending" | null;

export interface Gaps {
  confirms: Gap;
  deliveries: Gap;
}

export interface FaultGaps extends Gaps {
  injection: number;
  fault: FaultName;
  target: string;
}

export interface Availability {
  /** Of the whole run. */
  run: Gaps;
  /** Of each fault, in the order of their injections. */
  faults: FaultGaps[];
}

/**
 * How long confirms and deliveries stayed away while they were wanted, by the times at which the
 * link saw them.
 *
 * A **confirm** is wanted while a publish waits for its answer. A refusal is an answer, and no
 * confirm. A program whose connection or channel was taken from it goes on wanting: from then until
 * its next confirm, if it was waiting for an answer, or if it publishes again later. That it can't
 * even publish is the longest part of most outages. It stops when it ends or is killed. The
 * experiment's own publishers come back only when they are told to, and want nothing meanwhile.
 *
 * A **delivery** is wanted while a task is ready in a queue and a consumer of that queue has room
 * for it under its prefetch limit. A task is ready from its confirm, or its return to the queue,
 * until it is delivered to a client that sees it, or drained; see `staysOf`. A program that has
 * lost its consumer goes on wanting until it consumes again, unless it has as many effects under
 * way as it takes at a time. A consumer that its queue keeps in reserve (a single active consumer's
 * understudy) can't be told from one that could be served.
 *
 * Any confirm ends the wait for confirms, whoever gets it and by whichever node, and any delivery
 * the wait for deliveries: this is how long the broker as a whole served nobody, and not how long
 * one client was cut off beside others. If somebody still wants one, the next wait begins there.
 *
 * What the harness does itself is not counted: what stands still in a connection because the link
 * holds something there, tasks that workers can't take because the sink holds their effects, and
 * whatever comes after the end of the experiment, when the programs are stopped and the queues are
 * drained. A wait of a second or more that this end cuts off is `unending`; a shorter one would
 * have been answered, and is left out.
 *
 * A fault answers for the waits that stand or begin between its injection and the next one, each
 * from its injection on and to its end, however late.
 */
export function availabilityOf(events: readonly Event[]): Availability {
  const length = endOf(events);
  const traffic = events.slice(0, length);
  const end = (events[length] ?? events.at(-1))?.at ?? 0;
  const waits = {
    confirms: waitsFor(new WantedConfirms(events), traffic, end),
    deliveries: waitsFor(new WantedDeliveries(events), traffic, end),
  };
  const injected = events.filter((event) => event.type === "fault-injected");
  return {
    run: gapsWithin(waits, 0, Number.POSITIVE_INFINITY),
    faults: injected.map((one, index) => {
      const { injection, fault, target, at } = one;
      const next = injected[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      return { injection, fault, target, ...gapsWithin(waits, at, next) };
    }),
  };
}

/** The worst of some gaps. */
export function longest(gaps: Iterable<Gap>): Gap {
  let worst: Gap = null;
  for (const gap of gaps) {
    if (gap === "unending") return gap;
    if (gap !== null && (worst === null || gap > worst)) worst = gap;
  }
  return worst;
}

function gapsWithin(
  { confirms, deliveries }: Record<keyof Gaps, Wait[]>,
  from: number,
  to: number,
): Gaps {
  const gap = (waits: Wait[]) =>
    longest(
      waits
        .filter((wait) => wait.from < to && (wait.to === null || wait.to > from))
        .map((wait) =>
          wait.to === null ? "unending" : Math.round(wait.to - Math.max(wait.from, from)),
        ),
    );
  return { confirms: gap(confirms), deliveries: gap(deliveries) };
}

/**
 * Where the experiment ends: when the last programs are stopped, or the first queue is drained. A
 * stop with a fault or the start of a program after it was part of the story.
 */
function endOf(events: readonly Event[]): number {
  const lastAct = events.findLastIndex(({ type }) => ACTS.includes(type));
  const running = new Set<string>();
  const end = events.findIndex((event, index) => {
    if (event.type === "process-started") running.add(event.subject);
    const isStop = event.type === "process-signalled" && event.signal === "SIGTERM";
    if (isStop || event.type === "process-exited") running.delete(event.subject);
    return index > lastAct && ((isStop && running.size === 0) || isDrain(event));
  });
  return end === -1 ? events.length : end;
}

/** What only happens while an experiment goes on. */
const ACTS: readonly Event["type"][] = ["process-started", "fault-injected"];

export function isDrain(event: Event): boolean {
  if (event.type === "consuming" || event.type === "delivered") return event.subject === DRAIN;
  return event.type === "drained" || event.type === "drain-finished";
}

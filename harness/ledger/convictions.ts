import type { Fate } from "./fates.ts";
import { Grouped } from "./grouped.ts";
import type { Habits, TransientPublishes } from "./habits.ts";
import type { Queues } from "./queues.ts";
import { bad, habit } from "./sentences.ts";
import type { Task } from "./task.ts";
import type { Tasks } from "./tasks.ts";
import type { Wire } from "./wire.ts";

export type ConvictionKind =
  | "lost"
  | "duplicated"
  | "remaining"
  | "unexpected"
  | "at risk"
  | "automatic acks"
  | "transient publishes"
  | "unconfirmed publishes"
  | "unbounded prefetch"
  | "unknown delivery tag"
  | "never acked"
  | "misdirected ack"
  | "not consuming"
  | "crashed on"
  | "poison loop"
  | "unroutable publishes without mandatory"
  | "drain failed";

/** A fact to be answered for, whether or not this run came to harm by it. */
export interface Conviction {
  kind: ConvictionKind;
  /** What happened, how often, why, and what to change, in plain words. */
  sentence: string;
  tasks: string[];
  /** Who did it, where one subject did. */
  subject?: string;
}

export interface Evidence {
  readonly tasks: Tasks;
  readonly queues: Queues;
  readonly wire: Wire;
  readonly habits: Habits;
  readonly fates: ReadonlyMap<string, Fate>;
}

/** All convictions: first what became of tasks, then what put them at risk, then habits. */
export function convict(evidence: Evidence): Conviction[] {
  return [
    ...byFate(evidence),
    ...atRisk(evidence),
    ...neverAcked(evidence.wire),
    ...transient(evidence.habits.transientPublishes(), evidence.queues),
    ...habitual(evidence.habits),
  ];
}

function byFate({ tasks, fates }: Evidence): Conviction[] {
  const grouped = new Grouped<keyof typeof bad>();
  for (const [id, fate] of fates) {
    const task = tasks.find(id);
    const cause = task && causeOf(task, fate);
    if (cause) grouped.add(cause.how, cause.subject ?? "", id);
  }
  return [...grouped.all()].map(({ kind: how, about, tasks: ids }) => {
    const { kind, sentence } = bad[how];
    return conviction(kind, sentence([...ids], about), ids, about);
  });
}

/** Why a task ended badly, and who did it, as far as its own record tells. */
function causeOf(task: Task, fate: Fate): { how: keyof typeof bad; subject?: string } | null {
  switch (fate) {
    case "lost":
      return causeOfLoss(task);
    case "duplicated":
      return { how: task.publishes.length > 1 ? "published again" : "redelivered" };
    case "remaining":
      return { how: task.deliveries > 0 ? "not finished" : "not taken" };
    case "unexpected":
      return { how: "unexpected" };
    default:
      return null;
  }
}

function causeOfLoss(task: Task): { how: keyof typeof bad; subject?: string } {
  const last = task.settlements.at(-1);
  if (last === undefined) return { how: "vanished" };
  return { how: last.how, subject: last.subject };
}

function atRisk({ tasks, habits }: Evidence): Conviction[] {
  const early = new Grouped<"acked early">();
  for (const task of tasks.all()) {
    for (const subject of task.ackedEarlyBy) {
      // A line in the effect log has no time: it may have come before the ack.
      if (!task.loggedBy.includes(subject)) early.add("acked early", subject, task.id);
    }
  }
  const automatic = [...habits.seen.all()].filter(
    ({ kind }) => kind === "automatic acks before the effect",
  );
  return [...early.all(), ...automatic].map(({ kind, about, tasks: ids }) =>
    conviction("at risk", habit[kind](about, ids.size), ids, about),
  );
}

function neverAcked(wire: Wire): Conviction[] {
  return [...wire.neverAcked()].map(([subject, ids]) =>
    conviction("never acked", habit["never acked"](subject, ids.size), ids, subject),
  );
}

/**
 * A durable classic queue forgets a transient task when the broker ends; a quorum queue keeps it.
 * Through an exchange the queue is not known: any durable classic queue may be the one.
 */
function transient(publishes: TransientPublishes[], queues: Queues): Conviction[] {
  const durable = queues
    .all()
    .filter(({ declared }) => declared?.durable && declared.queueType === "classic");
  const bySubject = new Grouped<"transient publishes">();
  for (const { subject, queue, tasks } of publishes) {
    if (!durable.some(({ name }) => queue === null || queue === name)) continue;
    for (const id of tasks.size > 0 ? tasks : [null]) {
      bySubject.add("transient publishes", subject, id);
    }
  }
  return [...bySubject.all()].map(({ kind, about, tasks, count }) =>
    conviction(kind, habit[kind](about, count), tasks, about),
  );
}

function habitual(habits: Habits): Conviction[] {
  const convictions: Conviction[] = [];
  for (const { kind, about, tasks, count } of habits.seen.all()) {
    if (kind === "automatic acks before the effect") continue;
    const answer = habits.closings.get(about);
    convictions.push(conviction(kind, habit[kind](about, count, answer), tasks, about));
  }
  return convictions;
}

function conviction(
  kind: ConvictionKind,
  sentence: string,
  tasks: Iterable<string>,
  subject: string,
): Conviction {
  return { kind, sentence, tasks: [...tasks], ...(subject === "" ? {} : { subject }) };
}

import { badEnds } from "./bad-ends.ts";
import { comeTrue } from "./come-true.ts";
import { type Conviction, conviction, type Evidence } from "./evidence.ts";
import { Grouped } from "./grouped.ts";
import type { Habits, TransientPublishes } from "./habits.ts";
import { poisonLoops } from "./poison.ts";
import type { Queues } from "./queues.ts";
import { habit } from "./sentences.ts";
import { failedDrains } from "./shutdowns.ts";
import { stillness } from "./stillness.ts";
import type { Wire } from "./wire.ts";

export type { Conviction } from "./evidence.ts";

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

/**
 * How a program sets up its consumers and publishes, which is so in every trial, whatever happens
 * there: a finding of the whole audit.
 */
const HABITUAL: ReadonlySet<ConvictionKind> = new Set([
  "automatic acks",
  "unbounded prefetch",
  "transient publishes",
  "unconfirmed publishes",
  "unroutable publishes without mandatory",
]);

/** Is this no matter of a single trial? */
export function isHabit(kind: ConvictionKind): boolean {
  return HABITUAL.has(kind);
}

/**
 * All convictions: first what became of tasks, then what put them at risk, then how the workers
 * live and end (by the standard of an audit only), then habits.
 */
export function convict(evidence: Evidence): Conviction[] {
  const { lives, expectation, wire, habits, queues } = evidence;
  const isAudit = expectation.convictions === "all";
  const still = isAudit ? stillness(evidence, lives) : NOTHING;
  const poison = isAudit ? poisonLoops(evidence, still.tasks) : NOTHING;
  const ends = badEnds(evidence, lives, new Set([...still.tasks, ...poison.tasks]));
  return [
    ...comeTrue(ends, atRisk(evidence), evidence),
    ...misdirected(evidence),
    ...neverAcked(wire),
    ...still.convictions,
    ...poison.convictions,
    ...(isAudit ? failedDrains(evidence, lives) : []),
    ...transient(habits.transientPublishes(), queues),
    ...habitual(habits, isAudit),
  ];
}

const NOTHING = { convictions: [], tasks: new Set<string>() };

/** An ack by the tag of a channel that had ended: whatever became of the task that it hit. */
function misdirected({ staleTags, tasks }: Evidence): Conviction[] {
  return [...staleTags.found].flatMap(([subject, all]) => {
    const pairs = all.filter(({ task }) => !tasks.kept(task)?.isLoggedBy(subject));
    if (pairs.length === 0) return [];
    const ids = new Set(pairs.map(({ task }) => task));
    return [conviction("misdirected ack", habit.misdirected(subject, pairs), ids, subject)];
  });
}

function atRisk({ tasks, habits, staleTags, expectation }: Evidence): Conviction[] {
  if (expectation.effects === "unobserved") return [];
  const early = new Grouped<"acked early">();
  for (const task of tasks.all()) {
    for (const subject of task.ackedEarlyBy) {
      // An effect found afterwards has no time: it may have come before the ack.
      if (task.isLoggedBy(subject) || staleTags.isMisdirected(subject, task.id)) continue;
      early.add("acked early", subject, task.id);
    }
  }
  const automatic = [...habits.seen.all()].filter(
    ({ kind }) => kind === "automatic acks before the effect",
  );
  return [...early.all(), ...automatic].map(({ kind, about, tasks: ids }) =>
    conviction(
      "at risk",
      habit[kind as "acked early" | "automatic acks before the effect"](about, ids.size),
      ids,
      about,
    ),
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

function habitual(habits: Habits, isAudit: boolean): Conviction[] {
  const convictions: Conviction[] = [];
  for (const { kind, about, tasks, count } of habits.seen.all()) {
    if (kind === "automatic acks before the effect") continue;
    if (kind === "unroutable publishes without mandatory" && !isAudit) continue;
    const sentence = habit[kind](about, count, habits.closings.get(about), tasks);
    const asKind = kind === "stale delivery tag" ? "misdirected ack" : kind;
    convictions.push(conviction(asKind, sentence, tasks, about));
  }
  return convictions;
}

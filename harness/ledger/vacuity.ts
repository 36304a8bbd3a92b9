import type { FaultName } from "../history/event.ts";
import type { Injection } from "./injections.ts";
import { landed, named, titled } from "./landed.ts";
import type { Queue } from "./queues.ts";
import type { Sums } from "./sums.ts";
import type { Tasks } from "./tasks.ts";

/** What a vacuous run would prove nothing with: one sentence for each reason. */
export function vacuity(run: {
  readonly injections: readonly Injection[];
  readonly queues: readonly Queue[];
  readonly tasks: Tasks;
  readonly sums: Sums;
  readonly declaredFault: FaultName | "none" | undefined;
  /** Does nobody see effects? Then what is known of a held ack is that it was held. */
  readonly isUnobserved: boolean;
}): string[] {
  const { injections, queues, tasks, sums, declaredFault, isUnobserved } = run;
  const hasEffect: HasEffect = (task, by) => isUnobserved || isLogged(tasks, task, by);
  return [
    ...(sums.published === 0 ? ["Nothing was published, so nothing was proven."] : []),
    ...unidentified(sums),
    ...uncommitted(sums),
    ...missing(injections, declaredFault),
    ...injections.slice(0, 1).flatMap(silence),
    ...injections.flatMap((one) => [...unwitnessed(one), ...unproven(one, hasEffect)]),
    ...injections.flatMap(landed),
    ...earlyDrains(injections, queues),
  ];
}

function unidentified({ unidentified: { published, delivered, drained } }: Sums): string[] {
  if (published + delivered + drained === 0) return [];
  const seen = `${published} published, ${delivered} delivered, ${drained} drained`;
  return [`Messages without a messageId cannot be accounted for: ${seen}.`];
}

/** What a transaction holds back until its commit, or takes back, nobody here follows. */
function uncommitted({ transactional }: Sums): string[] {
  return [...transactional].map(
    (subject) => `${subject} used transactions, which are not covered: use confirms instead.`,
  );
}

function missing(
  injections: readonly Injection[],
  fault: FaultName | "none" | undefined,
): string[] {
  if (fault === undefined) return [];
  if (fault === "none") {
    return injections
      .slice(0, 1)
      .map((one) => `The experiment declares no fault, and ${named(one)} was injected.`);
  }
  const landed = injections.some((one) => one.injected.fault === fault && one.witnessed);
  return landed ? [] : [`The experiment declares the fault ${fault}, and it never landed.`];
}

/** What has to be struck to have landed: then the traffic comes after it. */
const LASTING: readonly FaultName[] = [
  "half-open",
  "stall",
  "latency",
  "bandwidth",
  "cut-after",
  "connection-refusal",
];

/** Held publishes and confirms are themselves the traffic before the fault. */
function silence({ injected, hadTraffic, proof }: Injection): string[] {
  if (LASTING.includes(injected.fault)) return [];
  const isOwnTraffic = injected.moment === "publish-held" || injected.moment === "confirm-held";
  if (hadTraffic || (isOwnTraffic && proof === "proven")) return [];
  return ["No task was confirmed or delivered before the first fault."];
}

function unwitnessed(one: Injection): string[] {
  return one.witnessed ? [] : [`${titled(one)} has no witness: nothing shows that it landed.`];
}

/** Was the effect of a task done, as far as is known in the end? By anyone, where `by` is null. */
type HasEffect = (task: string | null, by: string | null) => boolean;

function unproven(one: Injection, hasEffect: HasEffect): string[] {
  const { moment, task, target } = one.injected;
  const isProven =
    one.proof === "proven" ||
    (one.proof === "if-logged" && hasEffect(task, target === "broker" ? null : target));
  if (isProven) return [];
  const which = task === null ? "no task" : `task ${task}`;
  return [`${titled(one)} claims the moment "${moment}" for ${which}, and the history denies it.`];
}

function isLogged(tasks: Tasks, id: string | null, subject: string | null): boolean {
  const task = id === null ? undefined : tasks.kept(id);
  if (task === undefined) return false;
  return subject === null ? task.loggedBy.length > 0 : task.isLoggedBy(subject);
}

function earlyDrains(injections: readonly Injection[], queues: readonly Queue[]): string[] {
  const last = injections.at(-1);
  if (last === undefined) return [];
  const early = queues.filter(
    ({ drainFinished }) => drainFinished !== null && drainFinished < last.injected.seq,
  );
  return early.map(
    ({ name }) => `${name} was drained before ${named(last)} was injected, and not after.`,
  );
}

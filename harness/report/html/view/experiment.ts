import type { Event } from "../../../history/event.ts";
import type { Account } from "../../../ledger/account.ts";
import type { Fate } from "../../../ledger/fates.ts";
import { judge } from "../../../ledger/ledger.ts";
import { lifeOf } from "../../../ledger/life.ts";
import { Dispatch } from "../../../ledger/reading.ts";
import type { ExperimentView, Fact, Life, Log, Rest, Shade } from "../data.ts";
import { Adversities } from "./adversities.ts";
import { choose } from "./choose.ts";
import { Densities } from "./density.ts";
import { Faults } from "./faults.ts";
import { Lanes } from "./lanes.ts";
import type { Judged } from "./plain.ts";
import { Survey } from "./survey.ts";
import { about, tasksOf, toldIn } from "./tasks-of.ts";

/** An experiment as it was found on the disk. */
export interface Found {
  title: string;
  /** Each call reads the history anew: it may be larger than the memory. */
  events(): Iterable<Event>;
  /** Undefined where it was not kept: the history is judged again. */
  verdict: Judged | undefined;
  /** Is told where the history can't be judged. */
  onGap(sentence: string): void;
  /** The fault that the experiment declared. */
  fault?: string;
  outcome?: Shade;
  reasons?: string[];
  account?: Account;
  facts: Fact[];
  /** Its logs, by the span of its history. */
  logs(span: readonly [number, number]): Log[];
}

export interface Limits {
  /** Tasks that are told event by event. */
  lives: number;
  /** Events about no task. */
  events: number;
  /** Tasks that are told, whatever the room. */
  wanted: readonly string[];
}

/** What the page shows of an experiment. The history is read twice, and never held as a whole. */
export function experimentView(found: Found, limits: Limits): ExperimentView {
  const survey = new Survey();
  for (const event of found.events()) survey.add(event);
  const verdict = found.verdict ?? judgedAgain(found, survey);
  const span = spanOf(survey);
  const { told, untoward } = choose(survey, verdict, limits.lives, limits.wanted);
  const second = secondLook(found, told, span, limits);
  return {
    title: found.title,
    outcome: found.outcome ?? verdict?.outcome ?? "unfinished",
    reasons: found.reasons ?? verdict?.reasons ?? [],
    account: found.account ?? verdict?.account ?? {},
    facts: found.facts,
    span,
    traffic: survey.trafficTo > 0 ? [survey.trafficFrom, survey.trafficTo] : span,
    ...second.drawn,
    lives: livesOf(told, second.drawn.events, verdict),
    rest: restOf(survey, told, untoward, second.densities),
    logs: found.logs(span),
  };
}

/** By the ledger's own standard, if it can make anything of the history. */
function judgedAgain({ events, fault, onGap }: Found, survey: Survey): Judged | undefined {
  if (survey.events === 0) return undefined;
  try {
    return judge(events(), fault === undefined ? {} : { fault: fault as "none" });
  } catch (cause) {
    onGap(`The history can't be judged: ${(cause as Error).message}`);
    return undefined;
  }
}

function spanOf({ first, last }: Survey): [number, number] {
  return first > last ? [0, 0] : [Math.min(0, first), last];
}

/** Everything that needs to know which tasks are told. */
function secondLook(
  found: Found,
  told: ReadonlySet<string>,
  span: [number, number],
  limits: Limits,
) {
  const lanes = new Lanes();
  const faults = new Faults();
  const adversities = new Adversities();
  const reading = new Dispatch([lanes, faults, adversities]);
  const densities = new Densities(span);
  const events: Event[] = [];
  let others = 0;
  for (const event of found.events()) {
    reading.send(event);
    if (event.type === "tasks-completed") {
      const some = toldIn(event, told);
      if (some) events.push(some);
      for (const { key, count } of lanes.keysOf(event)) densities.add(key, event.at, count);
      continue;
    }
    const tasks = tasksOf(event);
    const key = tasks.length > 0 ? lanes.keyOf(event) : undefined;
    if (tasks.some((task) => told.has(task)) || isStrike(event)) {
      events.push(about(event, (task) => told.has(task)));
    } else if (tasks.length > 0) {
      if (key !== undefined) densities.add(key, event.at);
    } else if (others++ < limits.events) {
      events.push(event);
    }
  }
  const { lanes: drawn, indexOf } = lanes.result(span[1]);
  return {
    drawn: { lanes: drawn, faults: faults.bands, adversities: adversities.sentences, events },
    densities: { bin: densities.width, density: densities.result(indexOf) },
  };
}

/** There are few, and they explain what became of the tasks that are told. */
function isStrike({ type }: Event): boolean {
  return type === "fault-injected" || type === "process-signalled" || type === "process-exited";
}

function livesOf(
  told: ReadonlySet<string>,
  events: readonly Event[],
  verdict: Judged | undefined,
): Life[] {
  const fates = new Map<string, Fate>();
  for (const [fate, tasks] of Object.entries(verdict?.fates ?? {})) {
    for (const task of tasks) fates.set(task, fate as Fate);
  }
  const position = new Map(events.map((event, index) => [event, index]));
  // A verdict on many tasks may name only those that did not end well.
  const unnamed = (verdict?.account.completed ?? 0) > (verdict?.fates.completed?.length ?? 0);
  const isDone = (task: string) =>
    events.some((event) => event.type === "effect-done" && event.task === task);
  return [...told].map((task) => ({
    task,
    fate: fates.get(task) ?? (unnamed && isDone(task) ? "completed" : null),
    events: lifeOf(events, task).flatMap((event) => position.get(event) ?? []),
  }));
}

function restOf(
  survey: Survey,
  told: ReadonlySet<string>,
  untoward: number,
  densities: Pick<Rest, "bin" | "density">,
): Rest {
  const { counted: ids } = survey;
  for (const task of survey.tasks) if (!told.has(task)) ids.add(task);
  return { tasks: survey.size - told.size, ...ids.result(), untoward, ...densities };
}

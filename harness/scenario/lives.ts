import { gist } from "../ledger/gist.ts";
import { describeLife } from "../ledger/life.ts";
import type { Fate } from "../ledger/verdict.ts";
import { listed } from "../ledger/words.ts";
import type { Rig } from "./rig.ts";

/** Tasks whose life a failure tells; the rest are in the run's history, and in its report. */
export const LIVES_TOLD = 3;
/** Lines of a life: as many as a task takes that is struck, delivered again and done twice. */
const LINES_TOLD = 14;
const DULL: readonly Fate[] = ["completed"];

type Judged = Pick<Rig, "verdict" | "life">;

interface Ended {
  task: string;
  fate: Fate;
}

/** What happened to the tasks that did not just get done; or to those of some fates. */
export function livesOf(rig: Judged, only?: readonly Fate[]): string[] {
  const ended = endedBadly(rig, only);
  const rest = ended.length - LIVES_TOLD;
  return [
    ...oneOfEachFirst(ended)
      .slice(0, LIVES_TOLD)
      .flatMap(({ task, fate }) => [
        `${task} is ${fate}:`,
        ...gist(describeLife(rig.life(task), task), LINES_TOLD),
      ]),
    ...(rest > 0 ? [`… and ${rest} more.`] : []),
  ];
}

/** The same for a failure whose message may tell them already, as a matcher's does. */
export function livesBesides(message: string, rig: Judged): string[] {
  const lives = livesOf(rig);
  const [first] = lives;
  return first === undefined || message.includes(first) ? [] : [...idsOf(rig), ...lives];
}

/** The ids of each fate, where its tasks are more than one: `3 tasks are lost: a, b, c`. */
function idsOf(rig: Judged): string[] {
  const byFate = Map.groupBy(endedBadly(rig), ({ fate }) => fate);
  return [...byFate]
    .filter(([, { length }]) => length > 1)
    .map(
      ([fate, ended]) =>
        `${ended.length} tasks are ${fate}: ${listed(ended.map(({ task }) => task))}`,
    );
}

function endedBadly({ verdict }: Judged, only?: readonly Fate[]): Ended[] {
  const fates = Object.entries(verdict?.fates ?? {}) as [Fate, string[]][];
  return fates
    .filter(([fate]) => !DULL.includes(fate) && (only?.includes(fate) ?? true))
    .flatMap(([fate, tasks]) => tasks.map((task) => ({ task, fate })));
}

/** One kind of end must not hide the others. */
function oneOfEachFirst(ended: readonly Ended[]): Ended[] {
  const firsts = [...Map.groupBy(ended, ({ fate }) => fate).values()].flatMap(([one]) => one ?? []);
  return [...firsts, ...ended.filter((one) => !firsts.includes(one))];
}

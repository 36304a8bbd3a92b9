import type { Fate } from "../../../ledger/fates.ts";
import type { Judged } from "./plain.ts";
import type { Survey } from "./survey.ts";

/** Which tasks are told event by event. */
export interface Choice {
  told: ReadonlySet<string>;
  /** Tasks that something happened to, and that are not told for want of room. */
  untoward: number;
}

/**
 * What went wrong comes first, then what a fault was aimed at or met; what went well is told where
 * there is room for everybody, and else for a few, so that a good life can be read beside a bad one.
 *
 * @param room how many.
 * @param wanted tasks that somebody has asked for, whatever the room.
 */
export function choose(
  survey: Survey,
  verdict: Judged | undefined,
  room: number,
  wanted: readonly string[] = [],
): Choice {
  const told = new Set(wanted.filter((task) => survey.knows(task)));
  const bad = untowardOf(verdict);
  const groups: Iterable<string>[] = [evenly(bad), survey.struck, survey.odd];
  for (const group of groups) take(told, group, survey.tasks, room);
  take(told, survey.tasks, survey.tasks, survey.tasks.size <= room ? room : told.size + A_FEW);
  const untoward = new Set([...bad.flat(), ...survey.odd]).difference(told).size;
  return { told, untoward };
}

const A_FEW = 5;

function take(
  told: Set<string>,
  tasks: Iterable<string>,
  known: ReadonlySet<string>,
  room: number,
): void {
  for (const task of tasks) {
    if (told.size >= room) return;
    if (known.has(task)) told.add(task);
  }
}

/** Groups of tasks that went wrong, one for each way. */
function untowardOf(verdict: Judged | undefined): string[][] {
  if (!verdict) return [];
  const fates = Object.entries(verdict.fates) as [Fate, string[]][];
  const convicted = verdict.convictions.map(({ tasks }) => tasks);
  return [...fates.flatMap(([fate, tasks]) => (fate === "completed" ? [] : [tasks])), ...convicted];
}

/** One of each group in turns: where one is endless, the others are not left out. */
function* evenly(groups: readonly (readonly string[])[]): Generator<string> {
  const longest = Math.max(0, ...groups.map(({ length }) => length));
  for (let at = 0; at < longest; at++) {
    for (const group of groups) {
      const task = group[at];
      if (task !== undefined) yield task;
    }
  }
}

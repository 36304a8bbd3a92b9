import { describeLife } from "../ledger/life.ts";
import type { Fate } from "../ledger/verdict.ts";
import type { Rig } from "./rig.ts";

/** Tasks of each fate whose life a failure tells; the rest are in the run's history. */
const LIVES_TOLD = 3;
const DULL: readonly Fate[] = ["completed"];

/** What happened to the tasks that did not just get done; or to those of some fates. */
export function livesOf(rig: Pick<Rig, "verdict" | "life">, only?: readonly Fate[]): string[] {
  const fates = Object.entries(rig.verdict?.fates ?? {}) as [Fate, string[]][];
  const told = fates.filter(([fate]) => !DULL.includes(fate) && (only?.includes(fate) ?? true));
  return told.flatMap(([fate, tasks]) =>
    tasks
      .slice(0, LIVES_TOLD)
      .flatMap((task) => [`${task} is ${fate}:`, ...describeLife(rig.life(task))]),
  );
}

/** The same for a failure whose message may tell them already, as a matcher's does. */
export function livesBesides(message: string, rig: Pick<Rig, "verdict" | "life">): string[] {
  const [first, ...rest] = livesOf(rig);
  return first === undefined || message.includes(first) ? [] : [first, ...rest];
}

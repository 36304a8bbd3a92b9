import type { PageData } from "../data.ts";
import { BAD } from "./words.ts";

/** What is looked at: an experiment, and a message of it. */
export interface Place {
  experiment: number;
  /** Position among the lives of the experiment; null for none. */
  life: number | null;
}

export type Show = (place: Place, focus?: boolean) => void;

/** To begin with: the first message that went wrong, in the experiment that shows it. */
export function firstPlace({ charges, experiments }: PageData): Place {
  const [named] = charges.flatMap(({ allowed, tasks }) => (allowed ? [] : tasks));
  if (named) return placeOf(experiments, named);
  const broken = experiments.findIndex(({ outcome }) => outcome === "broken");
  return placeIn(experiments, Math.max(0, broken));
}

/** Of an experiment: what went wrong in it, else what its fault was aimed at, if anything. */
export function placeIn(experiments: PageData["experiments"], experiment: number): Place {
  const { lives = [], faults = [], outcome } = experiments[experiment] ?? {};
  const bad = lives.findIndex(({ fate }) => BAD.has(fate ?? ""));
  const struck = lives.findIndex(({ task }) => faults.some((fault) => fault.task === task));
  // The first is what convicts, where something does.
  const first = outcome === "broken" && lives.length > 0 ? 0 : struck;
  const life = bad >= 0 ? bad : first;
  return { experiment, life: life < 0 ? null : life };
}

export function placeOf(
  experiments: PageData["experiments"],
  { experiment, task }: { experiment: number; task: string },
): Place {
  const lives = experiments[experiment]?.lives ?? [];
  const life = lives.findIndex((one) => one.task === task);
  return { experiment, life: life < 0 ? null : life };
}

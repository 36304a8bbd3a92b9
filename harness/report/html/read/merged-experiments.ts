import type { ExperimentView, PageData } from "../data.ts";
import type { Part } from "./part.ts";

/** Histories that are shown on the page of several runs: each run's own page shows the rest. */
const MOST_EXPERIMENTS = 24;

/** What of the parts' histories is shown, and where. */
export interface Shown {
  experiments: ExperimentView[];
  /** Where an experiment of a part is among them; undefined where it is not. */
  placeOf(part: Part, experiment: number | undefined): number | undefined;
  /** The first of a part. */
  firstOf(part: Part): number | undefined;
}

/** The histories of what did not hold. */
export function chosen(parts: readonly Part[]): Shown {
  const all = parts.flatMap((part) =>
    part.page.experiments.map((view, index) => ({ part, index, view })),
  );
  const kept = all.filter(({ view }) => isTold(view)).slice(0, MOST_EXPERIMENTS);
  const find = (wanted: (one: { part: Part; index: number }) => boolean) => {
    const place = kept.findIndex(wanted);
    return place === -1 ? undefined : place;
  };
  return {
    experiments: kept.map(({ part, view }) => ({ ...view, title: `${part.name}: ${view.title}` })),
    placeOf: (part, experiment) => find((one) => one.part === part && one.index === experiment),
    firstOf: (part) => find((one) => one.part === part),
  };
}

function isTold({ outcome }: { outcome: PageData["outcome"] }): boolean {
  return outcome !== "held" && outcome !== "not-applicable";
}

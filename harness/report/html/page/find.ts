import type { Fate } from "../../../ledger/fates.ts";
import type { ExperimentView, PageData, Series } from "../data.ts";
import type { Place } from "./place.ts";
import { BAD } from "./words.ts";

/** A message whose id was looked for. */
export interface Hit {
  task: string;
  fate: Fate | null;
  /** Null of one that is counted, and not told. */
  place: Place | null;
  /** Instead of its life. */
  note: string;
  where: string;
}

const MOST = 20;
const COUNTED =
  "nothing happened to it that is worth a line: it is counted. `ackproof report <run> --task <id>` tells its life.";

/** Messages whose ids hold a text: the same first, then those that ended badly. */
export function finds({ experiments }: PageData, text: string): { hits: Hit[]; more: number } {
  const several = experiments.length > 1;
  const all = experiments.flatMap((view, experiment) => {
    const where = several ? view.title : "";
    return [...told(view, experiment, text, where), ...counted(view, text, where)];
  });
  all.sort((a, b) => rank(a, text) - rank(b, text));
  return { hits: all.slice(0, MOST), more: Math.max(0, all.length - MOST) };
}

function rank({ task, fate }: Hit, text: string): number {
  if (task === text) return 0;
  return BAD.has(fate ?? "") ? 1 : 2;
}

function told({ lives }: ExperimentView, experiment: number, text: string, where: string): Hit[] {
  return lives.flatMap(({ task, fate }, life) =>
    task.includes(text) ? [{ task, fate, place: { experiment, life }, note: "", where }] : [],
  );
}

function counted({ rest }: ExperimentView, text: string, where: string): Hit[] {
  const ids = rest.ids.filter((id) => id.includes(text)).slice(0, MOST);
  const inSeries = rest.series.some((series) => holds(series, text)) ? [text] : [];
  return [...inSeries, ...ids].map((task) => ({
    task,
    fate: null,
    place: null,
    note: COUNTED,
    where,
  }));
}

function holds({ prefix, from, to }: Series, id: string): boolean {
  const digits = id.slice(prefix.length);
  if (!id.startsWith(prefix) || !/^(0|[1-9]\d*)$/.test(digits)) return false;
  return Number(digits) >= from && Number(digits) <= to;
}

import { loadInWords } from "../../benchmark-words.ts";
import type { Bound, Figure, Machine, Unit } from "../../benchmarks.ts";
import type { Fact, PageData } from "../data.ts";
import { again, brokerFacts, fact } from "../view/facts.ts";
import { numberIn, recordIn, recordsIn, textIn } from "../view/plain.ts";
import { readJson } from "./files.ts";

/** The name under which figures are kept. */
export const FIGURES = "benchmarks.json";

const UNITS: readonly unknown[] = ["", "/s", "s", "ms", "B", "MB"] satisfies Unit[];
const BOUNDS: readonly unknown[] = ["at least", "at most", "under"] satisfies Bound["is"][];

/** What benchmarks have measured: every figure of every round, and what it was measured on. */
export function readBenchmarks(path: string, run: string): PageData {
  const missing: string[] = [];
  const saved = readJson(path, FIGURES, (gap) => missing.push(gap)) ?? {};
  const all = recordsIn(saved.figures);
  const figures = all.flatMap(figureIn);
  if (all.length === 0) missing.push("It tells of no figure.");
  const unread = all.length - figures.length;
  if (unread > 0) missing.push(`${unread} of its figures can't be read.`);
  const failed = recordsIn(saved.failed).map(
    ({ benchmark, reason }) =>
      `${textIn(benchmark) ?? "A benchmark"} could not measure: ${textIn(reason) ?? "nobody knows why"}`,
  );
  const outcome = outcomeOf(figures, failed);
  return {
    kind: "benchmark",
    run,
    title: "What ackproof costs",
    outcome,
    badge: BADGES[outcome],
    sentence: sentenceOf(figures),
    reasons: [...doubts(saved), ...failed],
    account: {},
    missing,
    charges: [],
    table: null,
    figures,
    experiments: [],
    facts: factsOf(saved),
  };
}

const BADGES = { held: "met", broken: "missed", inconclusive: "not judged" } as const;

function outcomeOf(figures: readonly Figure[], failed: readonly string[]): keyof typeof BADGES {
  if (figures.some(({ met }) => met === false)) return "broken";
  return failed.length === 0 && figures.some(({ met }) => met) ? "held" : "inconclusive";
}

function sentenceOf(figures: readonly Figure[]): string {
  const promised = figures.filter(({ met }) => met !== null);
  const missed = promised.filter(({ met }) => !met);
  const all = `${figures.length} figures`;
  if (promised.length === 0) return `${all}, and no number is promised for them.`;
  if (missed.length > 0)
    return `${missed.length} of ${promised.length} promised numbers missed, of ${all}.`;
  if (promised.length === 1) return `The one promised number is met, of ${all}.`;
  return `All ${promised.length} promised numbers are met, of ${all}.`;
}

/** Why the figures may say little. */
function doubts({ machine, quick }: Record<string, unknown>): string[] {
  const { load, cores } = recordIn(machine);
  const known = { load: numberIn(load) ?? 0, cores: numberIn(cores) ?? 1 };
  const loaded = loadInWords(known as Machine);
  return [
    ...(loaded === undefined ? [] : [loaded]),
    ...(quick === true ? ["A smoke run: its figures say little."] : []),
  ];
}

function factsOf(saved: Record<string, unknown>): Fact[] {
  const { cores, cpu, load, node, broker } = recordIn(saved.machine);
  const took = numberIn(saved.took);
  return [
    ...brokerFacts(broker),
    ...fact("Node", node),
    ...fact("cores", cores),
    ...fact("processor", cpu),
    ...fact("load at the beginning", numberIn(load)?.toFixed(1)),
    ...fact("started at", saved.startedAt),
    ...fact("took", took === undefined ? undefined : `${(took / 1000).toFixed(0)} s`),
    ...again(saved.rerun),
  ];
}

/** A figure as it lies in a file; nothing of what is none. */
function figureIn(saved: Record<string, unknown>): Figure[] {
  const { benchmark, what, unit, met } = saved;
  const [lowest, median, highest] = [saved.lowest, saved.median, saved.highest].map(numberIn);
  const isFigure = typeof benchmark === "string" && typeof what === "string";
  if (!isFigure || !UNITS.includes(unit)) return [];
  if (lowest === undefined || median === undefined || highest === undefined) return [];
  const rounds = Array.isArray(saved.rounds)
    ? saved.rounds.flatMap((one) => numberIn(one) ?? [])
    : [];
  return [
    {
      benchmark,
      what,
      unit: unit as Unit,
      rounds,
      lowest,
      median,
      highest,
      bound: boundIn(saved.bound),
      met: typeof met === "boolean" ? met : null,
    },
  ];
}

function boundIn(saved: unknown): Bound | null {
  const { is, value } = recordIn(saved);
  if (typeof value !== "number" || !BOUNDS.includes(is)) return null;
  return { is: is as Bound["is"], value };
}

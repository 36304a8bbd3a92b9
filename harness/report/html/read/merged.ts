import { join } from "node:path";
import { type AccountLine, imbalances } from "../../../ledger/account.ts";
import { type Outcome, worst } from "../../../ledger/verdict.ts";
import { shardInWords } from "../../shard.ts";
import type { Charge, Fact, PageData, Shade } from "../data.ts";
import { clean } from "../view/clean.ts";
import { numberIn, recordsIn, textIn } from "../view/plain.ts";
import { sumOf } from "./audit.ts";
import { readJson } from "./files.ts";
import { chosen, type Shown } from "./merged-experiments.ts";
import { mergedTable } from "./merged-table.ts";
import { kindOfRun, type Part, readPart } from "./part.ts";
import { gapsOf } from "./split.ts";

/** What a merged run keeps of itself: which parts it has, and what it was given that is none. */
export const MERGED = "merged.json";

/** The folder of the parts, and of the histories that they lead to. */
export const PARTS = "parts";

/** Something that was given to be merged and is no run; told on the page, and in the verdict. */
export interface Foreign {
  name: string;
  problem: string;
}

export interface MergedRun {
  parts: Part[];
  foreign: Foreign[];
}

/** The parts of a merged run, as far as they are there. */
export function readParts(path: string): MergedRun {
  const foreign: Foreign[] = [];
  const saved = readJson(path, MERGED, (problem) => foreign.push({ name: MERGED, problem })) ?? {};
  foreign.push(...recordsIn(saved.foreign).flatMap(foreignIn));
  const parts = recordsIn(saved.parts).flatMap(({ name }) => {
    // A name is no path: what is merged lies here, and nowhere else.
    if (typeof name !== "string" || /[\\/]|^\.+$/.test(name)) return [];
    const folder = join(path, PARTS, name);
    const kind = kindOfRun(folder);
    if (kind) return readPart(folder, kind);
    foreign.push({ name, problem: "This part is no longer there." });
    return [];
  });
  return { parts, foreign };
}

/** Several runs as one: one table, one account, and a verdict that no part and no gap may spoil. */
export function readMerged(path: string, run: string): PageData {
  return mergedPage(readParts(path), run);
}

export function mergedPage({ parts, foreign }: MergedRun, run: string): PageData {
  const shown = chosen(parts);
  const missing = [
    ...foreign.map(({ name, problem }) => clean(`${name}: ${problem}`)),
    ...parts.flatMap(({ name, page }) => page.missing.map((gap) => `${name}: ${gap}`)),
  ];
  const gaps = gapsOf(parts).map(clean);
  const doubts = [...gaps, ...parts.flatMap(imbalanceOf), ...(missing.length > 0 ? [LACKING] : [])];
  const outcome = outcomeOf(parts, doubts);
  return {
    kind: "merged",
    run,
    title: `${parts.length === 1 ? "One run" : `${parts.length} runs`} merged`,
    outcome,
    sentence: sentenceOf(parts, outcome),
    reasons: [...doubts, ...versionsOf(parts)],
    account: sumOf(parts.map(({ page }) => page.account)),
    missing,
    charges: parts.flatMap((part) => chargesOf(part, shown)),
    table: mergedTable(parts, shown),
    experiments: shown.experiments,
    facts: parts.flatMap(factsOf),
  };
}

const LACKING = "What was merged is not whole, and so nothing is proven of the whole.";

function outcomeOf(parts: readonly Part[], doubts: readonly string[]): Outcome {
  const outcomes = parts.flatMap(({ page }) => judgedAs(page.outcome));
  if (outcomes.length === 0) return "inconclusive";
  return worst(doubts.length > 0 ? [...outcomes, "inconclusive"] : outcomes);
}

/** A part that was broken off, or that the machine could not run, has proven nothing. */
function judgedAs(outcome: Shade): Outcome[] {
  if (outcome === "not-applicable") return [];
  return [outcome === "setup" || outcome === "unfinished" ? "inconclusive" : outcome];
}

function sentenceOf(parts: readonly Part[], outcome: Outcome): string {
  const count = (wanted: Outcome) =>
    parts.filter(({ page }) => judgedAs(page.outcome).includes(wanted)).length;
  const [held, broken, unproven] = [count("held"), count("broken"), count("inconclusive")];
  const judged = held + broken + unproven;
  if (judged === 0) return "Nothing was run.";
  if (outcome === "held") return judged === 1 ? "The run held." : `All ${judged} runs held.`;
  if (judged === held) return "What is there held, but it is not the whole.";
  const parted = [
    ...(broken > 0 ? [`${broken} broke a promise`] : []),
    ...(unproven > 0 ? [`${unproven} proved nothing`] : []),
  ];
  return `Of ${judged} ${judged === 1 ? "run" : "runs"}, ${parted.join(", ")}; ${held} held.`;
}

/** The sum of accounts adds up only where each of them does. */
function imbalanceOf({ name, page: { account } }: Part): string[] {
  const of = (line: AccountLine) => account[line] ?? 0;
  const sums = { published: of("published"), confirmed: of("confirmed") };
  return imbalances(account, sums).map(
    (text) => `The account of ${name} does not add up: ${text}.`,
  );
}

/** Each has judged by its own standard. That is no doubt, but to be known. */
function versionsOf(parts: readonly Part[]): string[] {
  const versions = [...new Set(parts.flatMap(({ origin }) => textIn(origin.ackproof) ?? []))];
  if (versions.length < 2) return [];
  return [`The runs were judged by different versions of ackproof: ${versions.join(", ")}.`];
}

/** What a run holds in spite of is told on its own page. */
function chargesOf(part: Part, shown: Shown): Charge[] {
  if (part.page.outcome === "held") return [];
  return part.page.charges.map(({ tasks, where, ...charge }) => ({
    ...charge,
    tasks: tasks.flatMap(({ experiment, task }) => {
      const place = shown.placeOf(part, experiment);
      return place === undefined ? [] : [{ experiment: place, task }];
    }),
    where: [part.name, where].filter(Boolean).join(": "),
  }));
}

/** Facts of a part that are of use beside those of others. */
const KEPT = new Set(["command", "image", "broker", "seed", "took"]);

function factsOf({ name, kind, share, origin, page }: Part): Fact[] {
  const which = share ? shardInWords(share) : kind;
  const told = [page.outcome, which, ...machineOf(origin), `${PARTS}/${name}`].join(" · ");
  const own = page.facts
    .filter(({ label, command }) => command || label.startsWith("RabbitMQ") || KEPT.has(label))
    .map((one) => ({ ...one, label: `${name}: ${one.label}` }));
  return [{ label: name, value: clean(told) }, ...own];
}

/** The machine that a part ran on, as far as it says. */
export function machineOf(origin: Record<string, unknown>): string[] {
  const { host, platform, processors, node, ackproof } = origin;
  const memory = numberIn(origin.memory);
  return [
    ...[host, platform, processors].flatMap((text) => textIn(text) ?? []),
    ...(memory === undefined ? [] : [`${(memory / 1e9).toFixed(1)} GB`]),
    ...(typeof node === "string" ? [`Node ${node}`] : []),
    ...(typeof ackproof === "string" ? [`ackproof ${ackproof}`] : []),
  ];
}

function foreignIn({ name, problem }: Record<string, unknown>): Foreign[] {
  if (typeof name !== "string" || typeof problem !== "string") return [];
  return [{ name, problem }];
}

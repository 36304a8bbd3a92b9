import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { worst } from "../../../ledger/verdict.ts";
import { answerInShort } from "../../account-words.ts";
import { availabilityInWords } from "../../availability-words.ts";
import { familiesOf, promiseTitle } from "../../families.ts";
import { rerunOf } from "../../rerun.ts";
import type { SpecResult } from "../../result.ts";
import type { Cell, Column, Fact, PageData, Shade, Table } from "../data.ts";
import { fact } from "../view/facts.ts";
import {
  accountIn,
  numberIn,
  recordIn,
  recordsIn,
  shadeIn,
  textIn,
  textsIn,
} from "../view/plain.ts";
import { sumOf } from "./audit.ts";
import { readExperiment } from "./experiment.ts";
import { readJson } from "./files.ts";

/** Tasks that are told of one spec, and specs whose histories are shown at all. */
const LIMITS = { lives: 60, events: 300, wanted: [] };
const MOST_EXPERIMENTS = 12;

/** A run of the suite: what it found of each promise, and the histories of what did not hold. */
export function readSuite(file: string, run: string): PageData {
  const missing: string[] = [];
  const report = readJson(dirname(file), basename(file), (gap) => missing.push(gap)) ?? {};
  const specs = recordsIn(report.specs).flatMap(specIn);
  if (specs.length === 0) missing.push("It tells of no experiment.");
  const kept = keptOf(specs, dirname(file), missing);
  const outcome = outcomeOf(specs);
  return {
    kind: "suite",
    run,
    title: "What RabbitMQ guarantees",
    outcome,
    sentence: sentenceOf(specs, outcome),
    reasons: [],
    account: sumOf(specs.map(({ account }) => account)),
    missing,
    charges: [],
    table: tableOf(specs, kept),
    experiments: [...kept].map(([spec, path]) =>
      readExperiment(path, knownOf(spec), LIMITS, (gap) => missing.push(`${path}: ${gap}`)),
    ),
    facts: factsOf(specs, report),
  };
}

/** A spec's result as it lies in a file; nothing of what is none. */
function specIn(saved: Record<string, unknown>): SpecResult[] {
  const { promise, family, queueType, outcome, run, docs } = saved;
  const broker = recordIn(saved.broker);
  const texts = { promise, family, queueType, version: broker.version, image: broker.image };
  const isSpec = Object.values(texts).every((text) => typeof text === "string");
  const shade = shadeIn(outcome);
  if (!isSpec || shade === undefined) return [];
  const spec = {
    ...saved,
    outcome: shade,
    broker,
    kind: textIn(saved.kind) ?? "guarantee",
    file: textIn(saved.file) ?? "",
    account: accountIn(saved.account),
    notes: textsIn(saved.notes),
    reasons: textsIn(saved.reasons),
    run: textIn(run),
    docs: textIn(docs) ?? "",
    availability: Array.isArray(recordIn(saved.availability).faults)
      ? saved.availability
      : undefined,
  };
  return [spec as unknown as SpecResult];
}

/** Specs with a history that is still there. */
function keptOf(specs: SpecResult[], root: string, missing: string[]): Map<SpecResult, string> {
  const kept = new Map<SpecResult, string>();
  for (const spec of specs) {
    if (spec.run === undefined) continue;
    const path = isAbsolute(spec.run) ? spec.run : join(root, spec.run);
    if (!existsSync(path)) missing.push(`The history of "${spec.promise}" is no longer there.`);
    else if (kept.size < MOST_EXPERIMENTS) kept.set(spec, path);
    else missing.push(`The history of "${spec.promise}" is not shown here: it is one of many.`);
  }
  return kept;
}

function knownOf({ promise, queueType, outcome, reasons, account }: SpecResult) {
  return { title: `${promise} · ${queueType}`, outcome, reasons, account };
}

/** A suite that a machine could not run to its end has proven nothing. */
function outcomeOf(specs: readonly SpecResult[]): Shade {
  const judged = specs.flatMap(({ outcome }) => {
    if (outcome === "not-applicable") return [];
    return outcome === "setup" ? ("inconclusive" as const) : outcome;
  });
  return judged.length === 0 ? "unfinished" : worst(judged);
}

function sentenceOf(specs: readonly SpecResult[], outcome: Shade): string {
  const count = (wanted: Shade) => specs.filter((spec) => spec.outcome === wanted).length;
  const proven = specs.length - count("not-applicable");
  if (outcome === "held") return `All ${proven} experiments held.`;
  const parts = (["broken", "inconclusive", "setup"] as const)
    .filter((shade) => count(shade) > 0)
    .map((shade) => `${count(shade)} ${WORDS[shade]}`);
  return parts.length === 0
    ? "Nothing was run."
    : `Of ${proven} experiments, ${parts.join(", ")}; ${count("held")} held.`;
}

const WORDS = {
  broken: "broke their promise",
  inconclusive: "proved nothing",
  setup: "could not be run",
} as const;

function tableOf(specs: readonly SpecResult[], kept: ReadonlyMap<SpecResult, string>): Table {
  const columns = columnsOf(specs);
  const order = [...kept.keys()];
  const rows = familiesOf(specs).flatMap(({ name, promises }) =>
    promises.map((promise) => {
      const docs = promise.found[0]?.docs;
      const cells = columns.map((column) => {
        const spec = promise.found.find((one) => isIn(column, one));
        return spec ? cellOf(spec, order.indexOf(spec)) : null;
      });
      return { family: name, title: promiseTitle(promise), ...(docs ? { docs } : {}), cells };
    }),
  );
  return { of: "promise", columns, rows };
}

function columnsOf(specs: readonly SpecResult[]): Column[] {
  const keys = new Set(specs.map(({ broker, queueType }) => `${broker.version}\n${queueType}`));
  return [...keys]
    .map((key) => key.split("\n") as [string, "classic" | "quorum"])
    .map(([broker, queueType]) => ({ broker, queueType }))
    .sort((a, b) => byVersion(a.broker, b.broker) || (a.queueType < b.queueType ? -1 : 1));
}

function byVersion(a: string, b: string): number {
  return b.localeCompare(a, "en", { numeric: true });
}

function isIn({ broker, queueType }: Column, spec: SpecResult): boolean {
  return spec.broker.version === broker && spec.queueType === queueType;
}

function cellOf(spec: SpecResult, experiment: number): Cell {
  const { outcome, reasons, availability, notes = [], account, underLoad } = spec;
  const measured = availability ? availabilityInWords(availability) : "";
  return {
    outcome,
    answer: answerInShort(spec),
    reasons,
    ...(notes.length > 0 ? { notes } : {}),
    ...(measured === "" ? {} : { measured }),
    // Under load, how many tasks there are depends on the machine.
    ...(underLoad ? { key: [...Object.keys(account), ...notes].join("\n") } : {}),
    ...(outcome === "held" ? {} : { rerun: rerunOf(spec) }),
    ...(experiment < 0 ? {} : { experiment }),
  };
}

function factsOf(specs: readonly SpecResult[], { time, lanes }: Record<string, unknown>): Fact[] {
  const wall = numberIn(recordIn(time).wall);
  const brokers = new Map(specs.map(({ broker }) => [broker.version, broker.image]));
  return [
    ...[...brokers].map(([version, image]) => ({ label: `RabbitMQ ${version}`, value: image })),
    ...fact("experiments", specs.length),
    ...fact("side by side", lanes),
    ...fact("took", wall === undefined ? undefined : `${(wall / 1000).toFixed(0)} s`),
  ];
}

import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { answerInShort } from "../../account-words.ts";
import { availabilityInWords } from "../../availability-words.ts";
import { familiesOf, promiseTitle } from "../../families.ts";
import { rerunOf } from "../../rerun.ts";
import type { SpecResult } from "../../result.ts";
import { type Share, shardInWords } from "../../shard.ts";
import type { Cell, Column, Fact, PageData, Table } from "../data.ts";
import { fact } from "../view/facts.ts";
import { numberIn, recordIn, recordsIn } from "../view/plain.ts";
import { sumOf } from "./audit.ts";
import { readExperiment } from "./experiment.ts";
import { readJson } from "./files.ts";
import { suiteIn } from "./suite-file.ts";
import { type Tests, verdictOf } from "./suite-verdict.ts";

/** Tasks that are told of one spec, and specs whose histories are shown at all. */
const LIMITS = { lives: 60, events: 300, wanted: [] };
const MOST_EXPERIMENTS = 12;

/** A run of the suite: what it found of each promise, and the histories of what did not hold. */
export function readSuite(file: string, run: string): PageData {
  const missing: string[] = [];
  const report = readJson(dirname(file), basename(file), (gap) => missing.push(gap)) ?? {};
  const { specs, shard: share } = suiteIn(report);
  if (specs.length === 0 && !share) missing.push("It tells of no experiment.");
  const unread = recordsIn(report.specs).length - specs.length;
  if (unread > 0) missing.push(`Of its experiments, ${unread} can't be read, and are left out.`);
  const kept = keptOf(specs, dirname(file), missing);
  return {
    kind: "suite",
    run,
    title: `What RabbitMQ guarantees${share ? `, ${shardInWords(share)}` : ""}`,
    ...verdictOf(specs, testsIn(report), share),
    reasons: [],
    account: sumOf(specs.map(({ account }) => account)),
    missing,
    charges: [],
    table: tableOf(specs, kept),
    experiments: [...kept].map(([spec, path]) =>
      readExperiment(path, knownOf(spec), LIMITS, (gap) => missing.push(`${path}: ${gap}`)),
    ),
    facts: [...shareFacts(share), ...factsOf(specs, report)],
  };
}

/** Tests by how they ended, experiments among them. */
function testsIn({ passed, failed }: Record<string, unknown>): Tests {
  return { passed: numberIn(passed) ?? 0, failed: numberIn(failed) ?? 0 };
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

function shareFacts(share: Share | undefined): Fact[] {
  if (!share) return [];
  const files = `${share.files.length} of ${share.of.files.length} files`;
  return fact("part", `${shardInWords(share)}: ${files}`);
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

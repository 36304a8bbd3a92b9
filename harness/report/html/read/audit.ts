import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ACCOUNT_LINES, type Account } from "../../../ledger/account.ts";
import { isHabit } from "../../../ledger/convictions.ts";
import type { AuditConviction, TrialResult } from "../../audit-result.ts";
import { adversityOf, answerOf, sentenceOf, shellWords, trialsInWords } from "../../audit-words.ts";
import { QUEUE_TYPES } from "../../families.ts";
import type { Charge, ExperimentView, Fact, PageData, Row, Table } from "../data.ts";
import { again, brokerFacts, fact, settingFacts } from "../view/facts.ts";
import { textIn } from "../view/plain.ts";
import { auditIn, type SavedAudit } from "./audit-file.ts";
import type { Known } from "./experiment.ts";
import { readExperiment } from "./experiment.ts";
import { isFolder, readJson } from "./files.ts";
import { MOST_NAMED } from "./single.ts";

/** Tasks that are told of all trials together, and of one at least. */
const LIVES = 1_200;
const LEAST_LIVES = 20;
const EVENTS = 400;

/** An audit: each of its trials, and what all of them say of the worker. */
export function readAudit(path: string, run: string, wanted: readonly string[]): PageData {
  const missing: string[] = [];
  const result = auditIn(readJson(path, "audit.json", (gap) => missing.push(gap)) ?? {});
  const { trials, outcome, headline: sentence = "This audit has no result." } = result;
  const places = placesOf(path, trials);
  const lives = Math.max(LEAST_LIVES, Math.floor(LIVES / Math.max(1, places.length)));
  const limits = { lives, events: EVENTS, wanted };
  const experiments = places.map(({ folder, known }) =>
    readExperiment(join(path, folder), known, limits, (gap) => missing.push(`${folder}: ${gap}`)),
  );
  const position = new Map(places.map(({ folder }, index) => [folder, index]));
  return {
    kind: "audit",
    run,
    title: titleOf(result.command),
    outcome,
    sentence,
    reasons: result.doubts,
    account: sumOf(trials.map(({ account }) => account)),
    missing,
    charges: result.convictions.map((one) => chargeOf(one, trials, position)),
    table: tableOf(result, position),
    experiments: verdictless(experiments, places),
    facts: factsOf(result),
  };
}

interface Place {
  /** From the audit's directory. */
  folder: string;
  known: Known;
}

/** Every trial that left a directory: those of the result in its order, then all others. */
function placesOf(path: string, trials: readonly TrialResult[]): Place[] {
  const folder = join(path, "trials");
  const found = isFolder(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => `trials/${name}`)
    : [];
  const told = trials.flatMap(({ directory, name, outcome, account, reasons, convictions }) => {
    if (directory === undefined || !found.includes(directory)) return [];
    const why = [
      ...reasons,
      ...convictions.flatMap(({ kind, sentence }) => (isHabit(kind) ? [] : [sentence])),
    ];
    return { folder: directory, known: { title: name, outcome, account, reasons: why } };
  });
  const others = found.filter((one) => !told.some((trial) => trial.folder === one));
  return [...told, ...others.map((one) => ({ folder: one, known: {} }))];
}

/** A self-check is no trial: what it lost was planted, and its verdict would mislead. */
function verdictless(experiments: ExperimentView[], places: readonly Place[]): ExperimentView[] {
  return experiments.map((experiment, index) => {
    const isTrial = places[index]?.known.title !== undefined;
    if (isTrial || !experiment.title.startsWith("self-check")) return experiment;
    const reasons = ["The audit planted this itself, to show that it would be seen."];
    return { ...experiment, outcome: "not-applicable", reasons };
  });
}

function titleOf(command: readonly string[] | undefined): string {
  return command ? `Audit of ${shellWords(command)}` : "An audit";
}

export function sumOf(accounts: readonly (Account | undefined)[]): Account {
  const sum: Account = {};
  for (const line of ACCOUNT_LINES) {
    const total = accounts.reduce((all, account) => all + (account?.[line] ?? 0), 0);
    if (total > 0) sum[line] = total;
  }
  return sum;
}

function chargeOf(
  { kind, sentence, allowed, trials: names }: AuditConviction,
  trials: readonly TrialResult[],
  position: ReadonlyMap<string, number>,
): Charge {
  const tasks = trials.flatMap(({ name, directory = "", convictions }) => {
    const experiment = position.get(directory);
    if (experiment === undefined || !names.includes(name)) return [];
    const own = convictions.filter((one) => one.kind === kind).flatMap((one) => one.tasks);
    return [...new Set(own)].map((task) => ({ experiment, task }));
  });
  return {
    kind,
    sentence: sentenceOf({ sentence, trials: names }),
    allowed,
    tasks: tasks.slice(0, MOST_NAMED),
    more: Math.max(0, tasks.length - MOST_NAMED),
    where: trialsInWords(names),
  };
}

function tableOf(
  { trials, settings, broker }: SavedAudit,
  position: ReadonlyMap<string, number>,
): Table | null {
  if (trials.length === 0) return null;
  const [queueType = null] = QUEUE_TYPES.filter((type) => type === settings.queueType);
  const rows = trials.map((trial): Row => {
    const experiment = position.get(trial.directory ?? "");
    const { outcome, reasons, name } = trial;
    const cell = { outcome, reasons, answer: answerOf(trial) };
    return {
      family: adversityOf(trial) ?? "no fault",
      title: name,
      cells: [{ ...cell, ...(experiment === undefined ? {} : { experiment }) }],
    };
  });
  return { of: "trial", columns: [{ broker: textIn(broker.version) ?? "", queueType }], rows };
}

function factsOf(result: SavedAudit): Fact[] {
  const { command, broker, seed, selfChecks, notes, milliseconds, settings, rerun } = result;
  return [
    ...fact("command", command && shellWords(command)),
    ...brokerFacts(broker),
    ...fact("seed", seed),
    ...selfChecks.map(({ sentence }) => ({ label: "self-check", value: sentence })),
    ...notes.map((note) => ({ label: "note", value: note })),
    ...fact(
      "took",
      milliseconds === undefined ? undefined : `${(milliseconds / 1000).toFixed(1)} s`,
    ),
    ...settingFacts(settings).filter(({ label }) => label !== "command" && label !== "seed"),
    ...again(rerun),
  ];
}

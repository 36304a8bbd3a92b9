import type { Charge, PageData } from "../data.ts";
import { again } from "../view/facts.ts";
import { verdictIn } from "../view/plain.ts";
import { readExperiment } from "./experiment.ts";
import { readJson } from "./files.ts";

/** Tasks that are told of a single experiment. */
const LIVES = 400;
const EVENTS = 4_000;

/** A single experiment: of a spec that failed, a trial, or a soak. */
export function readSingle(path: string, run: string, wanted: readonly string[]): PageData {
  const missing: string[] = [];
  const limits = { lives: LIVES, events: EVENTS, wanted };
  const experiment = readExperiment(path, {}, limits, (sentence) => missing.push(sentence));
  const { title, outcome, reasons, account, facts } = experiment;
  return {
    kind: "experiment",
    run,
    title,
    outcome,
    sentence: sentenceOf(title, outcome, reasons),
    reasons: reasons.slice(1),
    account,
    missing,
    charges: chargesOf(path),
    table: null,
    experiments: [experiment],
    facts: facts.some(({ command }) => command) ? facts : [...facts, ...again(undefined)],
  };
}

/** The title of a spec is its promise: what held or broke. */
function sentenceOf(title: string, outcome: PageData["outcome"], reasons: string[]): string {
  const [reason] = reasons;
  if (outcome === "held") return `Held: ${title}.`;
  return reason ?? `${title}: ${outcome}.`;
}

function chargesOf(path: string): Charge[] {
  const convictions = verdictIn(readJson(path, "verdict.json", () => {}))?.convictions ?? [];
  return convictions.map(({ kind, sentence, tasks }) => ({
    kind,
    sentence,
    allowed: false,
    tasks: tasks.slice(0, MOST_NAMED).map((task) => ({ experiment: 0, task })),
    where: "",
  }));
}

/** Tasks that a conviction leads to. */
export const MOST_NAMED = 12;

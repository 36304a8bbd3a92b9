import { accountInWords } from "./account-words.ts";
import { cleanReport } from "./clean-report.ts";
import type { PlainTest } from "./plain-tests.ts";
import { rerunOf } from "./rerun.ts";
import type { SpecResult } from "./result.ts";
import type { RunReport } from "./run-report.ts";

export type SuiteOutcome = "held" | "broken" | "inconclusive" | "setup";

/** A spec as it ended, and the command that runs it again, unless that would show nothing new. */
export interface SuiteSpec extends SpecResult {
  rerun?: string;
}

/** A run of the suite, as every format tells it: its text is harmless. */
export interface SuiteResult extends RunReport {
  outcome: SuiteOutcome;
  specs: SuiteSpec[];
}

/** @param report whose specs' runs are paths from the working directory. */
export function suiteResult(report: RunReport): SuiteResult {
  const told = cleanReport(report);
  const specs = told.specs.map(specOf);
  const doubts = (told.gaps ?? []).map(() => "inconclusive" as const);
  const ended = [...specs.map((spec) => spec.outcome), ...told.tests.map(outcomeOf)];
  const outcome = worstOf([...ended, ...doubts]);
  return { ...told, specs, outcome };
}

/** A spec that held, and whose test failed after that, is broken. */
function specOf(spec: SpecResult): SuiteSpec {
  const failed = spec.failure !== undefined && spec.outcome === "held";
  const outcome = failed ? "broken" : spec.outcome;
  if (outcome === "held" || outcome === "not-applicable") return spec;
  return { ...spec, outcome, rerun: rerunOf(spec) };
}

function outcomeOf({ outcome }: PlainTest): SuiteOutcome {
  return outcome === "failed" ? "broken" : "held";
}

/** As exit codes have it. */
function worstOf(outcomes: readonly SpecResult["outcome"][]): SuiteOutcome {
  const worst = (["setup", "broken", "inconclusive"] as const).find((one) =>
    outcomes.includes(one),
  );
  return worst ?? "held";
}

/** `A task is done · classic`. */
export function titleOf({ promise, queueType }: SpecResult): string {
  return `${promise} · ${queueType}`;
}

/** What became of a spec that did not hold, in one line: its account, or why there is none. */
function sentenceOf({ outcome, account, reasons }: SpecResult): string {
  const [why = ""] = reasons.map((reason) => reason.split("\n")[0] ?? "");
  const isBroken = outcome === "broken" && Object.keys(account).length > 0;
  return isBroken ? accountInWords(account) : why;
}

/** Lines of a failure without the first one, which is its title. */
export function evidenceOf(failure = ""): string[] {
  return failure.split("\n").slice(1);
}

/** What became of a spec that did not hold, and all that shows it, in lines; nothing twice. */
export function toldOf(spec: SuiteSpec): [sentence: string, ...evidence: string[]] {
  const { outcome, reasons, failure } = spec;
  const sentence = sentenceOf(spec);
  const lines = failure === undefined ? reasons.flatMap(linesOf) : evidenceOf(failure);
  const told = [sentence, `${outcome}: ${sentence}`];
  const isTold = lines[0] !== undefined && told.includes(lines[0]);
  return [sentence, ...lines.slice(isTold ? 1 : 0)];
}

function linesOf(text: string): string[] {
  return text.split("\n");
}

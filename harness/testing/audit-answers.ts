import type { AuditConviction, AuditResult, TrialResult } from "../report/audit-result.ts";
import { adversityOf, trialsInWords } from "../report/audit-words.ts";
import { reportLines } from "../report/html/write.ts";
import { Inconclusive } from "../scenario/inconclusive.ts";
import { type Answer, wasOrWere } from "./answers.ts";

/** Did an audit lose a task, in any of its trials? */
export function auditLosses(result: AuditResult): Answer {
  const lossy = result.trials.filter(({ account }) => account.lost);
  const isConvicted = result.convictions.filter(({ kind }) => kind === "lost");
  if (lossy.length === 0) requireProof(result);
  const lost = lossy.reduce((sum, { account }) => sum + (account.lost ?? 0), 0);
  const names = lossy.map(({ name }) => name);
  return {
    pass: lossy.length === 0,
    message: () =>
      lossy.length === 0
        ? `Expected a task to be lost, and none was in ${result.trials.filter(isProof).length} trials.`
        : [
            `Expected no task to be lost, and ${lost} ${wasOrWere(lost)} ${trialsInWords(names)}.`,
            ...isConvicted.flatMap(told),
            ...whereabouts(result),
          ].join("\n"),
  };
}

/** Did the worker hold? */
export function auditHold(result: AuditResult): Answer {
  const { outcome, headline, convictions, doubts } = result;
  if (outcome === "inconclusive") throw new Inconclusive(doubts);
  return {
    pass: outcome === "held",
    message: () =>
      [
        `Expected a worker that ${outcome === "held" ? "does not hold" : "holds"}. ${outcome.toUpperCase()}: ${headline}`,
        ...convictions.filter(({ allowed }) => !allowed).flatMap(told),
        ...doubts.map((doubt) => `In doubt: ${doubt}`),
        ...whereabouts(result),
      ].join("\n"),
  };
}

/** An audit that looked at nothing, or could not see, has not shown that nothing is lost. */
function requireProof({ trials, doubts, observed }: AuditResult): void {
  if (doubts.length > 0) throw new Inconclusive(doubts);
  if (!observed.effects) {
    throw new Inconclusive(["effects were not observed, so nobody can tell that nothing is lost"]);
  }
  if (!trials.some((trial) => isProof(trial) && adversityOf(trial) !== undefined)) {
    throw new Inconclusive(["no trial with a fault took place, so nothing is proven"]);
  }
}

function isProof({ outcome }: TrialResult): boolean {
  return outcome === "held" || outcome === "broken";
}

function told({ kind, sentence, trials, tasks, life }: AuditConviction): string[] {
  const [task] = tasks;
  return [
    `${kind}, ${trialsInWords(trials)}:`,
    `  ${sentence}`,
    ...(task === undefined ? [] : [`${task}:`]),
    ...life,
  ];
}

function whereabouts({ run, rerun }: AuditResult): string[] {
  return [`History: ${run}`, ...reportLines(run), `Again: ${rerun}`];
}

import type { Annotation } from "./annotation.ts";
import type { AuditConviction, AuditResult } from "./audit-result.ts";
import { sentenceOf, shortLife, trialsInWords } from "./audit-words.ts";
import { clean } from "./html/view/clean.ts";

/** Lines of a life that are read at a glance. */
const MOST = 8;

/** An error for each conviction that counts, a warning for each doubt. They are of no file. */
export function auditAnnotations(result: AuditResult): Annotation[] {
  const { outcome, headline, convictions, doubts } = result;
  const counting = convictions.filter(({ allowed }) => !allowed);
  const errors = counting.map(ofConviction);
  const isUntold = outcome === "broken" && counting.length === 0;
  return [
    ...errors,
    ...(isUntold ? [annotation("error", "BROKEN", clean(headline))] : []),
    ...doubts.map((doubt) =>
      annotation("warning", "INCONCLUSIVE", doubt.split("\n").map(clean).join("\n")),
    ),
  ];
}

function ofConviction(conviction: AuditConviction): Annotation {
  const { kind, trials, tasks, life } = conviction;
  const [task] = tasks;
  const lines = [
    `${clean(sentenceOf(conviction))} (${trialsInWords(trials)})`,
    ...(task === undefined || life.length === 0
      ? []
      : [`${clean(task)}:`, ...shortLife(life.map(clean), MOST).map((line) => `  ${line}`)]),
  ];
  return annotation("error", kind, lines.join("\n"));
}

function annotation(kind: Annotation["kind"], title: string, message: string): Annotation {
  return { kind, title: `ackproof: ${title}`, message };
}

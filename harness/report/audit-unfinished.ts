import { gravestFirst } from "./audit-gravity.ts";
import type { TrialResult } from "./audit-result.ts";
import { madeOf, trialsInWords } from "./audit-words.ts";
import { counted } from "./document-markdown.ts";

/** What an audit that did not get to its end has shown until then. It is no verdict. */
export function unfinished(trials: readonly TrialResult[]): string {
  const made = madeOf(trials);
  const ended = `UNFINISHED: the audit broke off after ${counted(made.length, "trial")}, and has no verdict.`;
  const convictions = gravestFirst(made.flatMap((trial) => trial.convictions));
  const kinds = [...new Set(convictions.map(({ kind }) => kind))];
  if (kinds.length === 0) return `${ended} Until then, nothing spoke against the worker.`;
  const told = kinds.map((kind) => {
    const by = made.filter((trial) => trial.convictions.some((one) => one.kind === kind));
    return `${kind}, ${trialsInWords(by.map(({ name }) => name))}`;
  });
  return `${ended} Until then it showed: ${told.join("; ")}.`;
}

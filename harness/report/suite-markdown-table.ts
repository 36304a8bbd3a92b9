import { type Family, type PromiseResults, promiseTitle, QUEUE_TYPES } from "./families.ts";
import { answerOf } from "./guarantee-table.ts";
import { row, text } from "./markdown-text.ts";
import { markOf } from "./outcome.ts";
import type { SpecResult } from "./result.ts";
import { PLAIN } from "./text.ts";
import { accountLines } from "./version-table.ts";

const NOT_RUN = "–";

/**
 * The promises of a family: on one version a column for each type of queue, with the account; on
 * several, a column for each version, with a mark for each type of queue.
 */
export function familyTable(family: Family, versions: string[]): string[] {
  const table = versions.length > 1 ? acrossVersions(family, versions) : onOneVersion(family);
  return [`### ${text(family.name)}`, "", ...table];
}

function onOneVersion({ promises }: Family): string[] {
  return [
    row("Promise", ...QUEUE_TYPES),
    row("---", ...QUEUE_TYPES.map(() => "---")),
    ...promises.map((promise) => {
      const cells = QUEUE_TYPES.map((type) => find(promise, type));
      return row(
        text(promiseTitle(promise)),
        ...cells.map((spec) =>
          spec ? `${markOf(spec.outcome, PLAIN)} ${text(answerOf(spec))}` : NOT_RUN,
        ),
      );
    }),
  ];
}

function acrossVersions({ promises }: Family, versions: string[]): string[] {
  return [
    row(`Promise (${QUEUE_TYPES.join(", ")})`, ...versions.map(text), "What became of the tasks"),
    row("---", ...versions.map(() => ":-:"), "---"),
    ...promises.map((promise) => {
      const marks = versions.map((version) =>
        QUEUE_TYPES.map((type) => {
          const spec = find(promise, type, version);
          return spec ? markOf(spec.outcome, PLAIN) : NOT_RUN;
        }).join(" "),
      );
      const accounts = accountLines(promise, versions).map(text).join("<br>");
      return row(text(promiseTitle(promise)), ...marks, accounts);
    }),
  ];
}

function find({ found }: PromiseResults, type: string, version?: string): SpecResult | undefined {
  return found.find(
    ({ queueType, broker }) =>
      queueType === type && (version === undefined || broker.version === version),
  );
}

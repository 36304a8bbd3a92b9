import { answerInShort } from "./account-words.ts";
import {
  type Family,
  familiesOf,
  type PromiseResults,
  promiseTitle,
  QUEUE_TYPES,
} from "./families.ts";
import { markOf } from "./outcome.ts";
import type { SpecResult } from "./result.ts";
import { type Paper, pad, pageWidth, wrap } from "./text.ts";

const MARGIN = 2;
/** A version number, or the two marks under it. */
const COLUMN = 9;
const MARK = 4;
const NOT_RUN = "–";
/** From so many on, places are not listed one by one if they are what is left. */
const MANY = 3;

/**
 * The guarantees across versions: a column for each version, with a mark for each type of queue.
 * Under each promise stands its account, once where it is the same everywhere.
 */
export function versionTable(specs: readonly SpecResult[], paper: Paper): string[] {
  const versions = [...new Set(specs.map(({ broker }) => broker.version))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
  const heads = versions.map((version) => pad(version, COLUMN)).join("");
  const types = versions
    .map(() => pad(QUEUE_TYPES.map((type) => pad(type.slice(0, 2), MARK)).join(""), COLUMN))
    .join("");
  const title = pageWidth(paper) - MARGIN - versions.length * COLUMN;
  const legend = QUEUE_TYPES.map((type) => `${type.slice(0, 2)} ${type}`).join(", ");
  return [
    pad(paper.paint("dim", legend), title + MARGIN) + heads.trimEnd(),
    pad("", title + MARGIN) + paper.paint("dim", types.trimEnd()),
    ...familiesOf(specs).flatMap((family) => familyRows(family, versions, title, paper)),
  ];
}

function familyRows(family: Family, versions: string[], title: number, paper: Paper): string[] {
  const rows = family.promises.flatMap((row) => {
    const marks = versions.map((version) => pad(marksOf(row, version, paper), COLUMN)).join("");
    const [first = "", ...rest] = wrap(promiseTitle(row), title - MARGIN);
    return [
      `  ${pad(first, title)}${marks}`.trimEnd(),
      ...rest.map((line) => `  ${line}`),
      ...accountLines(row, versions).flatMap((line) =>
        wrap(line, pageWidth(paper) - 2 * MARGIN).map((text) => paper.paint("dim", `    ${text}`)),
      ),
    ];
  });
  return [paper.paint("bold", family.name), ...rows, ""];
}

function marksOf(row: PromiseResults, version: string, paper: Paper): string {
  return QUEUE_TYPES.map((type) => {
    const spec = find(row, version, type);
    return pad(spec ? markOf(spec.outcome, paper) : paper.paint("dim", NOT_RUN), MARK);
  }).join("");
}

/** The accounts, each with where it was found; the commonest last, as what holds elsewhere. */
export function accountLines(row: PromiseResults, versions: string[]): string[] {
  const places = versions.flatMap((version) =>
    QUEUE_TYPES.flatMap((type) => find(row, version, type) ?? []),
  );
  const byAccount = [...Map.groupBy(places, (spec) => answerInShort(spec))];
  const rarestFirst = byAccount.sort(([, a], [, b]) => a.length - b.length);
  return rarestFirst.map(([account, where], index) => {
    if (byAccount.length === 1) return account;
    const commonest = index === byAccount.length - 1;
    if (commonest && where.length >= MANY) return `elsewhere: ${account}`;
    return `${where.map(placeOf).join(", ")}: ${account}`;
  });
}

function placeOf({ broker, queueType }: SpecResult): string {
  return `${broker.version} ${queueType}`;
}

function find(row: PromiseResults, version: string, type: string): SpecResult | undefined {
  return row.found.find((spec) => spec.broker.version === version && spec.queueType === type);
}

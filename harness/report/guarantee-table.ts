import { answerInShort } from "./account-words.ts";
import { availabilityInWords } from "./availability-words.ts";
import {
  type Family,
  familiesOf,
  type PromiseResults,
  promiseTitle,
  QUEUE_TYPES,
} from "./families.ts";
import { markOf } from "./outcome.ts";
import type { SpecResult } from "./result.ts";
import { type Paper, pad, pageWidth, widthOf, wrap } from "./text.ts";

const MARGIN = 2;
const GAP = 2;
const NOT_RUN = "–";

/** The guarantees of one broker: a row for each promise, a column for each type of queue. */
export function guaranteeTable(specs: readonly SpecResult[], paper: Paper): string[] {
  const width = cellWidth(specs, paper);
  return familiesOf(specs).flatMap((family) => familyRows(family, width, paper));
}

function familyRows({ name, promises }: Family, cell: number, paper: Paper): string[] {
  const title = pageWidth(paper) - MARGIN - QUEUE_TYPES.length * (cell + GAP);
  const heads = QUEUE_TYPES.map((type) => paper.paint("dim", type));
  const rows = promises.flatMap((row) => {
    const cells = QUEUE_TYPES.map((type) => cellLines(row, type, cell, paper));
    return sideBySide([wrap(promiseTitle(row), title), ...cells], [title, cell, cell]);
  });
  const head = pad(paper.paint("bold", name), title + MARGIN + GAP);
  return [
    head +
      heads
        .map((text) => pad(text, cell + GAP))
        .join("")
        .trimEnd(),
    ...rows,
    "",
  ];
}

function cellLines(row: PromiseResults, type: string, width: number, paper: Paper): string[] {
  const spec = row.found.find(({ queueType }) => queueType === type);
  if (!spec) return [paper.paint("dim", NOT_RUN)];
  const [first, ...rest] = wrap(answerOf(spec), width - MARGIN);
  return [`${markOf(spec.outcome, paper)} ${first}`, ...rest.map((line) => `  ${line}`)];
}

/** Its account, and how long its faults kept the broker from serving anybody. */
export function answerOf(spec: SpecResult): string {
  const outage = spec.availability ? availabilityInWords(spec.availability) : "";
  return outage === "" ? answerInShort(spec) : `${answerInShort(spec)}; ${outage}`;
}

/** As wide as the longest answer, but never so wide that no room is left for the promises. */
function cellWidth(specs: readonly SpecResult[], paper: Paper): number {
  const longest = Math.max(8, ...specs.map((spec) => widthOf(answerOf(spec)) + 2));
  return Math.min(longest, Math.floor(pageWidth(paper) / 4));
}

function sideBySide(cells: string[][], widths: number[]): string[] {
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) => {
    const texts = cells.map((lines, column) => pad(lines[row] ?? "", widths[column] ?? 0));
    return (" ".repeat(MARGIN) + texts.join(" ".repeat(GAP))).trimEnd();
  });
}

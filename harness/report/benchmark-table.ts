import {
  answerInWords,
  boundInWords,
  loadInWords,
  machineInWords,
  spreadInWords,
  valueInWords,
} from "./benchmark-words.ts";
import type { BenchmarkReport, Figure } from "./benchmarks.ts";
import { type Paper, pad, seconds, widthOf } from "./text.ts";

const HEAD = ["benchmark", "figure", "median", "lowest to highest", "bound", ""];
const GAP = 2;

/** Everything that was measured, a line for each figure, and what it was measured on. */
export function benchmarkTable(report: BenchmarkReport, paper: Paper): string[] {
  const { figures, machine, failed, took, quick } = report;
  const rows = figures.map(rowOf);
  const widths = HEAD.map((_, column) =>
    Math.max(...[HEAD, ...rows].map((row) => widthOf(row[column] ?? ""))),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => pad(cell, (widths[column] ?? 0) + GAP))
      .join("")
      .trimEnd();
  const load = loadInWords(machine);
  return [
    machineInWords(machine),
    ...(load === undefined ? [] : [paper.paint("yellow", load)]),
    ...(quick ? [paper.paint("yellow", "A smoke run: its figures say little.")] : []),
    "",
    paper.paint("bold", line(HEAD)),
    ...rows.map((row, index) => painted(line(row), figures[index], paper)),
    ...failed.map(({ benchmark, reason }) => paper.paint("red", `${benchmark}: ${reason}`)),
    "",
    `${seconds(took)} in all`,
  ];
}

function rowOf(figure: Figure): string[] {
  const { benchmark, what, median, unit } = figure;
  return [
    benchmark,
    what,
    valueInWords(median, unit),
    spreadInWords(figure),
    boundInWords(figure),
    answerInWords(figure),
  ];
}

/** Said in words as well: nobody has to tell red from green. */
function painted(line: string, figure: Figure | undefined, { paint }: Paper): string {
  if (figure?.met === false) return paint("red", line);
  return figure?.met ? paint("green", line) : line;
}

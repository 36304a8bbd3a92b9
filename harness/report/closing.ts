import { familiesOf } from "./families.ts";
import { guaranteeTable } from "./guarantee-table.ts";
import type { SpecResult } from "./result.ts";
import { closingLine, type RunReport } from "./run-report.ts";
import { indent, type Paper, pad, pageWidth, seconds, wrap } from "./text.ts";
import { versionTable } from "./version-table.ts";

const LABEL = 10;
const MEGABYTE = 1_000_000;

/** Everything that is said at the end of a run, down to its last line. */
export function closing(report: RunReport, paper: Paper): string {
  const { specs } = report;
  const versions = new Set(specs.map(({ broker }) => broker.version));
  const table = versions.size > 1 ? versionTable : guaranteeTable;
  const about = specs.length > 0 ? [heading(specs, paper), "", ...table(specs, paper)] : [];
  return [
    "",
    ...about,
    ...figures(specs, paper),
    ...timeTable(report),
    ...memoryLine(report),
    "",
    closingLine(report),
  ].join("\n");
}

function heading(specs: readonly SpecResult[], paper: Paper): string {
  const brokers = new Set(specs.map(({ broker }) => `${broker.version} (${broker.image})`));
  return paper.paint("bold", `What RabbitMQ ${[...brokers].join(", ")} guarantees`);
}

/** What the specs had to say beside their account: the figures of measurements, above all. */
function figures(specs: readonly SpecResult[], paper: Paper): string[] {
  const rows = familiesOf(specs).flatMap(({ promises }) =>
    promises.flatMap(({ promise, found }) => {
      const told = found.filter(({ notes }) => notes.length > 0);
      if (told.length === 0) return [];
      return [
        ...wrap(promise, pageWidth(paper) - 2).map((line) => `  ${line}`),
        ...told.flatMap((spec) => [
          paper.paint("dim", `    ${spec.queueType}, RabbitMQ ${spec.broker.version}`),
          ...spec.notes.map((note) => indent(note, 6)),
        ]),
      ];
    }),
  );
  return rows.length > 0 ? [paper.paint("bold", "figures"), ...rows, ""] : [];
}

/** Where the time went. The lanes work side by side, so their sum is more than what passed. */
function timeTable({ specs, time, lanes }: RunReport): string[] {
  if (specs.length === 0) return [labelled("time", seconds(time.wall))];
  const total = (part: (spec: SpecResult) => number) =>
    specs.reduce((sum, spec) => sum + part(spec), 0);
  const restarts = total((spec) => spec.time.boots);
  const busy = total((spec) => spec.time.total);
  // Waits may overlap each other, so they can add up to more than the time they took.
  const waits = Math.min(
    total((spec) => spec.time.waits),
    busy - restarts,
  );
  return [
    labelled("time", `${seconds(time.wall)} in all, ${seconds(time.boot)} of it first boots`),
    labelled(
      "",
      `${seconds(busy)} of specs on ${lanes} lanes = ${seconds(restarts)} restarts + ` +
        `${seconds(waits)} waiting + ${seconds(busy - restarts - waits)} work`,
    ),
  ];
}

function memoryLine({ specs, memory, lanes }: RunReport): string[] {
  const workers = specs.flatMap((spec) => spec.memory ?? []);
  const main = `${megabytes(memory)} at its peak`;
  if (workers.length === 0) return [labelled("memory", main)];
  const worker = megabytes(Math.max(...workers));
  return [labelled("memory", `${main}, and at most ${worker} in each of ${lanes} workers`)];
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / MEGABYTE)} MB`;
}

function labelled(label: string, text: string): string {
  return pad(label, LABEL) + text;
}

import { commandLine } from "../command-line.ts";
import { familiesOf } from "./families.ts";
import { guaranteeTable } from "./guarantee-table.ts";
import type { SpecResult } from "./result.ts";
import { closingLine, type RunReport } from "./run-report.ts";
import type { Share } from "./shard.ts";
import { indent, type Paper, pad, pageWidth, seconds, wrap } from "./text.ts";
import { versionTable } from "./version-table.ts";

const LABEL = 10;
const MEGABYTE = 1_000_000;

/**
 * Everything that is said at the end of a run, down to its last line.
 *
 * @param remarks what else a reader of the results must know.
 */
export function closing(
  report: RunReport,
  paper: Paper,
  remarks: Readonly<Record<string, string>> = {},
): string {
  const { specs } = report;
  const versions = new Set(specs.map(({ broker }) => broker.version));
  const table = versions.size > 1 ? versionTable : guaranteeTable;
  const about = specs.length > 0 ? [...heading(specs, paper), "", ...table(specs, paper)] : [];
  return [
    "",
    ...about,
    ...figures(specs, paper),
    ...labelled("time", timeSpent(report), paper),
    ...labelled("memory", memoryHeld(report), paper),
    ...(report.shard ? labelled("shard", [shareInWords(report.shard)], paper) : []),
    ...Object.entries(remarks).flatMap(([label, text]) => labelled(label, [text], paper)),
    "",
    closingLine(report),
  ].join("\n");
}

function heading(specs: readonly SpecResult[], paper: Paper): string[] {
  const brokers = new Set(specs.map(({ broker }) => `${broker.version} (${broker.image})`));
  const text = `What RabbitMQ ${[...brokers].join(", ")} guarantees`;
  return wrap(text, pageWidth(paper)).map((line) => paper.paint("bold", line));
}

/** What the specs had to say beside their account: the figures of measurements, above all. */
function figures(specs: readonly SpecResult[], paper: Paper): string[] {
  const rows = familiesOf(specs).flatMap(({ promises }) =>
    promises.flatMap(({ promise, found }) => {
      const told = found.filter(({ notes, figures }) => notes.length + figures.length > 0);
      if (told.length === 0) return [];
      return [
        ...wrap(promise, pageWidth(paper) - 2).map((line) => `  ${line}`),
        ...told.flatMap((spec) => [
          paper.paint("dim", `    ${spec.queueType}, RabbitMQ ${spec.broker.version}`),
          ...[...spec.notes, ...spec.figures].map((text) => indent(text, 6)),
        ]),
      ];
    }),
  );
  return rows.length > 0 ? [paper.paint("bold", "figures"), ...rows, ""] : [];
}

/** Where the time went. The lanes work side by side, so their sum is more than what passed. */
function timeSpent({ specs, time, lanes }: RunReport): string[] {
  if (specs.length === 0) return [seconds(time.wall)];
  const total = (part: (spec: SpecResult) => number) =>
    specs.reduce((sum, spec) => sum + part(spec), 0);
  const restarts = total((spec) => spec.time.boots);
  const busy = total((spec) => spec.time.total);
  // Waits may overlap each other, so they can add up to more than the time they took.
  const waits = Math.min(
    total((spec) => spec.time.waits),
    busy - restarts,
  );
  const parts = { restarts, waiting: waits, work: busy - restarts - waits };
  const sum = Object.entries(parts).map(([name, part]) => `${seconds(part)} ${name}`);
  return [
    `${seconds(time.wall)} in all, ${seconds(time.boot)} of it first boots`,
    `${seconds(busy)} of specs on ${lanes} lanes = ${sum.join(" + ")}`,
  ];
}

function memoryHeld({ specs, memory, lanes }: RunReport): string[] {
  const workers = specs.flatMap((spec) => spec.memory ?? []);
  const main = `${megabytes(memory)} at its peak`;
  if (workers.length === 0) return [main];
  return [`${main}, and at most ${megabytes(Math.max(...workers))} in each of ${lanes} workers`];
}

/** A shard proves nothing of the whole by itself, even where nothing fell to it. */
function shareInWords({ index, count, files, of }: Share): string {
  const adding = `\`${commandLine("report", "--merge <run> <run>")}\` adds all of them up`;
  return `${index} of ${count}: ${files.length} of ${of.files.length} files; ${adding}`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / MEGABYTE)} MB`;
}

function labelled(label: string, texts: string[], paper: Paper): string[] {
  const lines = texts.flatMap((text) => wrap(text, pageWidth(paper) - LABEL));
  return lines.map((line, index) => pad(index === 0 ? label : "", LABEL) + line);
}

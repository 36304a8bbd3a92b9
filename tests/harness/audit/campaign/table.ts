import { pad, widthOf } from "../../../../harness/report/text.ts";
import type { Extent } from "./plan.ts";
import type { Record } from "./record.ts";

const HEAD = ["", "audit", "runs", "right", "wrong"];

/** What all audits came to, by subject and extent; then each that is wrong; then how long they took. */
export function tableOf(records: readonly Record[]): string {
  const groups = Map.groupBy(records, ({ name, extent }) => `${name}\n${extent}`);
  const rows = [...groups.values()].map(rowOf).toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  const wrong = records.filter(({ right }) => !right).flatMap(told);
  const sections = [aligned([HEAD, ...rows]), wrong, medians(records)];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function rowOf(records: readonly Record[]): string[] {
  const [{ name, extent }] = records as [Record];
  const right = records.filter((record) => record.right).length;
  return [name, extent, ...[records.length, right, records.length - right].map(String)];
}

function told({ name, extent, run, wrong, directory }: Record): string[] {
  const where = directory === undefined ? "" : `, in ${directory}`;
  return [`✗ ${name}, ${extent}, run ${run}${where}`, ...wrong.map((line) => `    ${line}`)];
}

/** What a user waits for: the trials that show a mutant are no whole audit. */
function medians(records: readonly Record[]): string[] {
  return (["full", "quick"] as const satisfies Extent[]).flatMap((extent) => {
    const took = records
      .filter((record) => record.extent === extent)
      .flatMap(({ milliseconds }) => milliseconds ?? [])
      .toSorted((a, b) => a - b);
    if (took.length === 0) return [];
    const [median, longest] = [took[took.length >> 1] ?? 0, took.at(-1) ?? 0];
    return [`${extent} audits: median ${inSeconds(median)}, longest ${inSeconds(longest)}`];
  });
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

function aligned(rows: readonly string[][]): string[] {
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  return rows.map((row) =>
    row
      .map((cell, i) => pad(cell, widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

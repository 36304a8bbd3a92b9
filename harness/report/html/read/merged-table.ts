import { accountInShort } from "../../account-words.ts";
import type { Cell, Column, Row, Table } from "../data.ts";
import type { Shown } from "./merged-experiments.ts";
import type { Part } from "./part.ts";
import { splitsOf } from "./split.ts";

/** One answer, with all that it is about. */
interface Answer {
  column: Column;
  row: Omit<Row, "cells">;
  cell: Cell;
  /** The run that it is of; shards of one split are one. */
  of: string;
}

/**
 * One table of several runs: of a suite each promise, of an audit or a soak a row for the whole run.
 * Runs that answer the same on the same broker have columns of their own.
 */
export function mergedTable(parts: readonly Part[], shown: Shown): Table {
  const wholes = wholesOf(parts);
  const answers = parts.flatMap((part) => answersOf(part, wholes.get(part) ?? part.name, shown));
  const contested = contestedIn(answers);
  const columnOf = ({ column, of }: Answer): Column =>
    contested.has(column.broker) ? { ...column, part: of } : column;
  const columns = new Map(answers.map((one) => [keyOf(columnOf(one)), columnOf(one)]));
  const order = [...columns.values()].sort(byColumn);
  const rows = [...Map.groupBy(answers, ({ row }) => `${row.family}\n${row.title}`).values()];
  return {
    of: parts.some(({ kind }) => kind === "suite") ? "promise" : "run",
    columns: order,
    rows: rows
      .map((found) => ({
        ...(found[0] as Answer).row,
        cells: order.map((column) => {
          const own = found.find((one) => keyOf(columnOf(one)) === keyOf(column));
          return own?.cell ?? null;
        }),
      }))
      .sort((a, b) => a.family.localeCompare(b.family)),
  };
}

/** The name of the whole that a part is of: its own, or that of the first shard. */
function wholesOf(parts: readonly Part[]): Map<Part, string> {
  const wholes = new Map<Part, string>();
  for (const shards of splitsOf(parts)) {
    const more = shards.length > 1 ? ` and ${shards.length - 1} more` : "";
    const name = `${shards[0]?.name}${more}`;
    for (const part of shards) wholes.set(part, name);
  }
  return wholes;
}

function answersOf(part: Part, of: string, shown: Shown): Answer[] {
  const { kind, page, name, column } = part;
  if (kind !== "suite") {
    const { outcome, reasons, account, title } = page;
    const experiment = shown.firstOf(part);
    const cell = { outcome, reasons, answer: accountInShort(account), ...at(experiment) };
    return [{ column, row: { family: kind, title: `${name}: ${title}` }, cell, of }];
  }
  const { columns = [], rows = [] } = page.table ?? {};
  return rows.flatMap(({ cells, ...row }) =>
    cells.flatMap((cell, index) => {
      const own = columns[index];
      if (!cell || !own) return [];
      const { experiment, ...rest } = cell;
      return { column: own, row, cell: { ...rest, ...at(shown.placeOf(part, experiment)) }, of };
    }),
  );
}

/** Where an answer's history is shown, if it is. */
function at(experiment: number | undefined): Pick<Cell, "experiment"> {
  return experiment === undefined ? {} : { experiment };
}

/** Brokers on which more than one run has answered the same. */
function contestedIn(answers: readonly Answer[]): Set<string> {
  const same = Map.groupBy(answers, ({ column, row }) =>
    [keyOf(column), row.family, row.title].join("\n"),
  );
  const contested = [...same.values()].filter((all) => new Set(all.map(({ of }) => of)).size > 1);
  return new Set(contested.flatMap(([first]) => first?.column.broker ?? []));
}

function keyOf({ broker, queueType, part = "" }: Column): string {
  return [broker, queueType, part].join("\n");
}

/** The newest broker first, as in the table of one run. */
function byColumn(a: Column, b: Column): number {
  return (
    b.broker.localeCompare(a.broker, "en", { numeric: true }) ||
    (a.part ?? "").localeCompare(b.part ?? "") ||
    (a.queueType ?? "").localeCompare(b.queueType ?? "")
  );
}

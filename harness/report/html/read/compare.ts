import type { Cell, Column, Fact, PageData, Row, Shade, Table } from "../data.ts";

/** What is not the same in two runs: what held before an upgrade, and what holds after it. */
export function compared(before: PageData, after: PageData): PageData {
  const table = together(before, after);
  const changed = table.rows.filter((row) => row.changed);
  const outcome = outcomeOf(table);
  return {
    kind: "comparison",
    run: `${before.run} and ${after.run}`,
    title: `${before.run} compared with ${after.run}`,
    outcome,
    sentence: sentenceOf(changed.length, table.rows.length, outcome),
    reasons: [],
    account: {},
    missing: [...told("before", before), ...told("after", after)],
    charges: [],
    table,
    experiments: [],
    facts: [...named("before", before), ...named("after", after)],
  };
}

function together(before: PageData, after: PageData): Table {
  const tables = [tableOf(before), tableOf(after)] as const;
  const columns = tables.flatMap((table, index) =>
    table.columns.map((column): Column => ({ ...column, side: index === 0 ? "before" : "after" })),
  );
  const keys = new Map(
    tables.flatMap(({ rows }) => rows.map((row) => [`${row.family}\n${row.title}`, row] as const)),
  );
  const rows = [...keys].map(([key, { family, title, docs }]): Row => {
    const [old, young] = tables.map((table) => cellsIn(table, key)) as [Row["cells"], Row["cells"]];
    const cells = [...old, ...young];
    const isChanged = differ(tables, old, young);
    return {
      family,
      title,
      ...(docs ? { docs } : {}),
      cells,
      ...(isChanged ? { changed: true } : {}),
    };
  });
  return { of: tables[1].of, columns, rows };
}

/** A single experiment is compared as a table of one. */
function tableOf({ table, title, outcome, reasons, experiments }: PageData): Table {
  if (table) return table;
  const answer = experiments[0]?.reasons[0] ?? outcome;
  return {
    of: "trial",
    columns: [{ broker: "", queueType: null }],
    rows: [{ family: "experiment", title, cells: [{ outcome, answer, reasons }] }],
  };
}

/** A history is shown in the report of its own run. */
function cellsIn({ columns, rows }: Table, key: string): (Cell | null)[] {
  const row = rows.find(({ family, title }) => `${family}\n${title}` === key);
  return columns.map((_, index) => {
    const cell = row?.cells[index];
    if (!cell) return null;
    const { experiment: _elsewhere, ...rest } = cell;
    return rest;
  });
}

/** Columns face each other by their type of queue; brokers may be others, which is the point. */
function differ([before, after]: readonly [Table, Table], old: Row["cells"], young: Row["cells"]) {
  const types = new Set([...before.columns, ...after.columns].map(({ queueType }) => queueType));
  return [...types].some((type) => textOf(before, old, type) !== textOf(after, young, type));
}

function textOf({ columns }: Table, cells: Row["cells"], type: Column["queueType"]): string {
  const own = columns.flatMap(({ queueType }, index) => {
    const cell = cells[index];
    return queueType === type ? [keyOf(cell)] : [];
  });
  return [...new Set(own)].join("\n");
}

function keyOf(cell: Cell | null | undefined): string {
  if (!cell) return "";
  const { outcome, answer, notes = [], key = [answer, ...notes].join("\n") } = cell;
  return `${outcome}\n${key}`;
}

/** The worst of what is new. */
function outcomeOf({ rows, columns }: Table): Shade {
  const changed = rows.filter((row) => row.changed);
  const after = changed.flatMap(({ cells }) =>
    cells.filter((_, index) => columns[index]?.side === "after"),
  );
  const outcomes = new Set(after.map((cell) => cell?.outcome));
  const worst = (["broken", "inconclusive", "setup"] as const).find((one) => outcomes.has(one));
  return worst ?? "held";
}

function sentenceOf(changed: number, all: number, outcome: Shade): string {
  if (changed === 0) return `Nothing changed: all ${all} answers are the same.`;
  const worse = outcome === "held" ? "none for the worse" : `the worst is ${outcome}`;
  return `${changed} of ${all} answers changed; ${worse}.`;
}

function told(side: string, { missing }: PageData): string[] {
  return missing.map((gap) => `${side}: ${gap}`);
}

function named(side: string, { run, sentence, facts }: PageData): Fact[] {
  const own = facts.map((one) => ({ ...one, label: `${side}: ${one.label}` }));
  return [{ label: side, value: `${run}: ${sentence}` }, ...own];
}

import { useMemo, useState } from "preact/hooks";
import type { Cell, Column, PageData, Row, Table } from "../data.ts";
import { EVERYTHING, type Filter, Filters, fits, passes } from "./filters.tsx";
import { List } from "./verdict.tsx";
import { MARKS, number } from "./words.ts";

interface Props {
  table: Table;
  kind: PageData["kind"];
  /** Goes to an experiment's timeline. */
  open(experiment: number): void;
}

/** What was found of each promise or trial, on each broker and type of queue. */
export function GuaranteeTable({ table, kind, open }: Props) {
  const [filter, setFilter] = useState<Filter>({
    ...EVERYTHING,
    changed: kind === "comparison",
  });
  const columns = table.columns.flatMap((column, index) => (fits(column, filter) ? [index] : []));
  const rows = useMemo(
    () => table.rows.filter((row) => passes(row, columns, filter)),
    [table, filter],
  );
  const idle = rows.filter(({ cells }) => columns.every((index) => isIdle(cells[index]))).length;
  const title = TITLES[table.of];
  return (
    <section aria-labelledby="table">
      <h2 id="table">{title}</h2>
      <Filters table={table} kind={kind} filter={filter} set={setFilter} />
      <p role="status" class="count">
        {number(rows.length)} of {number(table.rows.length)}
        {idle > 0 && `, ${number(idle)} not applicable`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard. */}
      <section class={boxOf(table)} tabIndex={0} aria-labelledby="table">
        <table class="answers">
          <thead>
            <tr>
              <th scope="col">{table.of === "trial" ? "fault" : "family"}</th>
              <th scope="col">{table.of}</th>
              {columns.map((index) => (
                <Heading key={index} column={table.columns[index] as Column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                <td>
                  <bdi>{row.family}</bdi>
                </td>
                <th scope="row">
                  <Name row={row} />
                </th>
                {columns.map((at) => (
                  <Answer
                    key={at}
                    column={table.columns[at] as Column}
                    cell={row.cells[at] ?? null}
                    open={open}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

const TITLES = { promise: "Guarantees", trial: "Trials", run: "Runs" } satisfies Record<
  Table["of"],
  string
>;

function Heading({ column }: { column: Column }) {
  return (
    <th scope="col">
      <bdi>{headingOf(column)}</bdi>
    </th>
  );
}

function headingOf({ broker, queueType, side, part }: Column): string {
  return [side, part, broker, queueType].filter(Boolean).join(" · ") || "answer";
}

function Name({ row: { title, docs } }: { row: Row }) {
  const link = docs?.startsWith("https://") ? docs : undefined;
  return (
    <>
      <bdi>{title}</bdi>
      {link !== undefined && (
        <>
          {" "}
          <a href={link} rel="noreferrer">
            docs
          </a>
        </>
      )}
    </>
  );
}

interface AnswerProps {
  column: Column;
  cell: Cell | null;
  open: Props["open"];
}

/** A suite has hundreds of rows, and an audit a few. */
function boxOf({ of }: Table): string {
  return of === "promise" ? "scroll" : "scroll whole";
}

function isIdle(cell: Cell | null | undefined): boolean {
  return cell?.outcome === "not-applicable";
}

/** Its heading goes with it: where the screen is narrow, a row's cells stand below each other. */
function Answer({ column, cell, open }: AnswerProps) {
  const heading = headingOf(column);
  if (!cell) {
    return (
      <td class="none" data-heading={heading}>
        not run
      </td>
    );
  }
  const { outcome, answer, reasons, experiment, rerun, measured, notes = [] } = cell;
  return (
    <td class={`answer ${outcome}`} data-heading={heading}>
      <span class="mark">
        <span aria-hidden="true">{MARKS[outcome]}</span> <span class="outcome">{outcome}</span>
      </span>{" "}
      <bdi>{answer}</bdi>
      {measured && <small> {measured}</small>}
      {experiment !== undefined && (
        <button type="button" onClick={() => open(experiment)}>
          timeline
        </button>
      )}
      {notes.length > 0 && (
        <details>
          <summary>notes</summary>
          <List items={notes} />
        </details>
      )}
      {outcome !== "held" && outcome !== "not-applicable" && reasons.length > 0 && (
        <details>
          <summary>why</summary>
          <List items={reasons} />
          {rerun && <code>{rerun}</code>}
        </details>
      )}
    </td>
  );
}

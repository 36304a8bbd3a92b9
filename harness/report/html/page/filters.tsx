import type { Column, PageData, Row, Table } from "../data.ts";

/** Of a choice that is not made. */
const ALL = "";

export interface Filter {
  family: string;
  broker: string;
  queueType: string;
  outcome: string;
  changed: boolean;
}

export const EVERYTHING: Filter = {
  family: ALL,
  broker: ALL,
  queueType: ALL,
  outcome: ALL,
  changed: false,
};

/** Is this column shown? */
export function fits(column: Column, { broker, queueType }: Filter): boolean {
  const isBroker = broker === ALL || column.broker === broker;
  return isBroker && (queueType === ALL || column.queueType === queueType);
}

/** Is this row shown, by the cells of the columns that are? */
export function passes(
  row: Row,
  columns: readonly number[],
  { family, outcome, changed }: Filter,
): boolean {
  if (family !== ALL && row.family !== family) return false;
  if (changed && !row.changed) return false;
  const cells = columns.flatMap((index) => row.cells[index] ?? []);
  return cells.some((cell) => outcome === ALL || cell.outcome === outcome);
}

/** What of a table is shown. */
export function Filters({
  table,
  kind,
  filter,
  set,
}: {
  table: Table;
  kind: PageData["kind"];
  filter: Filter;
  set(filter: Filter): void;
}) {
  const choose = (part: Partial<Filter>) => set({ ...filter, ...part });
  const { rows, columns } = table;
  const outcomes = rows.flatMap(({ cells }) => cells.flatMap((cell) => cell?.outcome ?? []));
  return (
    <div class="filters">
      <Choice
        label={table.of === "trial" ? "fault" : "family"}
        value={filter.family}
        of={rows.map(({ family }) => family)}
        set={(family) => choose({ family })}
      />
      <Choice
        label="broker"
        value={filter.broker}
        of={columns.map(({ broker }) => broker)}
        set={(broker) => choose({ broker })}
      />
      <Choice
        label="type of queue"
        value={filter.queueType}
        of={columns.flatMap(({ queueType }) => queueType ?? [])}
        set={(queueType) => choose({ queueType })}
      />
      <Choice
        label="verdict"
        value={filter.outcome}
        of={outcomes}
        set={(outcome) => choose({ outcome })}
      />
      {kind === "comparison" && (
        <label>
          <input
            type="checkbox"
            checked={filter.changed}
            onChange={(event) => choose({ changed: event.currentTarget.checked })}
          />
          only what changed
        </label>
      )}
    </div>
  );
}

function Choice({
  label,
  value,
  of,
  set,
}: {
  label: string;
  value: string;
  of: readonly string[];
  set(value: string): void;
}) {
  const options = [...new Set(of)].filter((option) => option !== ALL);
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value={ALL}>all</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

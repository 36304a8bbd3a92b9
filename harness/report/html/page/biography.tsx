import type { Event } from "../../../history/event.ts";
import { describe } from "../../../ledger/telling.ts";
import type { ExperimentView, Life } from "../data.ts";
import { lookOf } from "./symbols.ts";
import { BAD, endOf, timeOf } from "./words.ts";

interface Props {
  view: ExperimentView;
  life: number | null;
  cursor: number | null;
  setCursor(at: number): void;
}

/** One message, from its publish to its end, in words and with the wire's own values. */
export function Biography({ view, life, cursor, setCursor }: Props) {
  const told = life === null ? undefined : view.lives[life];
  return (
    <section class="life" id="life" tabIndex={-1} aria-labelledby="life-title">
      <h3 id="life-title">
        {told ? (
          <>
            The life of <bdi class="id">{told.task}</bdi>
          </>
        ) : (
          "The life of a message"
        )}
      </h3>
      {told ? (
        <Told told={told} view={view} cursor={cursor} setCursor={setCursor} />
      ) : (
        <p>Choose one.</p>
      )}
    </section>
  );
}

function Told({ told, view, cursor, setCursor }: Omit<Props, "life"> & { told: Life }) {
  const events = told.events.flatMap((index) => view.events[index] ?? []);
  return (
    <>
      <p class={BAD.has(told.fate ?? "") ? "end bad" : "end"}>{endOf(told.fate)}</p>
      <ol class="steps">
        {events.map((event, index) => (
          <li key={event.seq} class={event.at === cursor ? "here" : ""}>
            <button
              type="button"
              onClick={() => setCursor(event.at)}
              aria-pressed={event.at === cursor}
            >
              <time>{timeOf(event.at)}</time>
              <small>{sinceLast(events, index)}</small>
            </button>
            <div>
              <strong class={lookOf(event).isBad ? "bad" : ""}>
                <bdi>{describe(event, told.task)}</bdi>
              </strong>
              <code class="wire">{wireOf(event)}</code>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

function sinceLast(events: readonly Event[], index: number): string {
  const [event, last] = [events[index], events[index - 1]];
  return event && last ? `${(event.at - last.at).toFixed(1)} later` : "";
}

const STAMP = new Set(["seq", "at", "type", "task", "tasks"]);

/** The event's own values, as its witness reported them. */
function wireOf(event: Event): string {
  const values = Object.entries(event).filter(([name]) => !STAMP.has(name));
  const others = "tasks" in event && event.tasks.length > 1 ? [`tasks=${event.tasks.length}`] : [];
  const told = values.map(([name, value]) =>
    typeof value === "string" ? `${name}=${value}` : `${name}=${JSON.stringify(value)}`,
  );
  return [`#${event.seq} ${event.type}`, ...told, ...others].join("  ");
}

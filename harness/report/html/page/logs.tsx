import { useEffect, useId, useRef, useState } from "preact/hooks";
import { describe } from "../../../ledger/telling.ts";
import type { ExperimentView, Log, LogLine } from "../data.ts";
import type { Window } from "./window.ts";
import { number, timeOf } from "./words.ts";

interface Props {
  view: ExperimentView;
  window: Window;
  cursor: number | null;
}

const MOST = 400;

/** What the witnesses and the logs say of the time that the timeline shows. */
export function Logs({ view, window, cursor }: Props) {
  const id = useId();
  const logs = [historyAsLog(view), ...view.logs];
  const [open, setOpen] = useState(0);
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = (open + step + logs.length) % logs.length;
    setOpen(next);
    document.getElementById(`${id}-tab-${next}`)?.focus();
    event.preventDefault();
  };
  return (
    <section class="logs" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>At the same time</h3>
      <div role="tablist" aria-labelledby={`${id}-title`} onKeyDown={onKey}>
        {logs.map((log, index) => (
          <button
            type="button"
            key={index}
            role="tab"
            id={`${id}-tab-${index}`}
            aria-selected={index === open}
            aria-controls={`${id}-panel`}
            tabIndex={index === open ? 0 : -1}
            onClick={() => setOpen(index)}
          >
            <bdi>{log.name}</bdi>
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard. */}
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${open}`} tabIndex={0}>
        <Lines log={logs[open] as Log} window={window} cursor={cursor} />
      </div>
    </section>
  );
}

function Lines({ log, window: [from, to], cursor }: { log: Log } & Omit<Props, "view">) {
  const within = log.lines.filter(([at]) => at === null || (at >= from && at <= to));
  const first = firstShown(nearest(within, cursor), within.length);
  const shown = within.slice(first, first + MOST);
  const current = nearest(shown, cursor);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => showHere(list.current), [current, log]);
  return (
    <>
      <p class="note">{remarkOn(log, within.length - shown.length)}</p>
      <ol class="lines" ref={list}>
        {shown.map(([at, text], index) => (
          <li key={index} class={index === current ? "here" : ""}>
            {at !== null && <time>{timeOf(at)}</time>} <bdi>{text}</bdi>
          </li>
        ))}
      </ol>
    </>
  );
}

/** Of more lines than are shown: those around the current one. */
function firstShown(current: number, lines: number): number {
  return Math.max(0, Math.min(current - MOST / 2, lines - MOST));
}

/** Scrolls the panel, and nothing else, to the line of the cursor. */
function showHere(list: HTMLElement | null): void {
  const here = list?.querySelector(".here");
  const panel = list?.parentElement;
  if (!here || !panel) return;
  const below = here.getBoundingClientRect().top - panel.getBoundingClientRect().top;
  panel.scrollTop += below - panel.clientHeight / 2;
}

function remarkOn({ lines, omitted, timed }: Log, hidden: number): string {
  const parts = [
    lines.length === 0 ? "Nothing." : "",
    timed || lines.length === 0
      ? ""
      : "Its lines do not say when they were written: all of it is here.",
    hidden > 0 ? `${number(hidden)} more: zoom in.` : "",
    omitted > 0 ? `${number(omitted)} lines are left out, most from before or after.` : "",
  ];
  return parts.filter(Boolean).join(" ");
}

function nearest(lines: readonly LogLine[], cursor: number | null): number {
  return cursor === null ? -1 : lines.findLastIndex(([at]) => at !== null && at <= cursor);
}

function historyAsLog({ events }: ExperimentView): Log {
  const lines = events.map((event): LogLine => {
    const task = "task" in event ? event.task : "tasks" in event ? event.tasks.join(", ") : null;
    const words = describe(event);
    const who = "subject" in event && words === event.type ? ` of ${event.subject}` : "";
    return [event.at, `${words}${who}${task ? ` · ${task}` : ""}`];
  });
  return { name: "history", lines, omitted: 0, timed: true };
}

import type { ExperimentView } from "../data.ts";
import { around, faultWindow, moved, trafficWindow, type Window, zoomed } from "./window.ts";

interface Props {
  view: ExperimentView;
  window: Window;
  /** The time of the chosen message's life. */
  own: Window | undefined;
  setWindow(window: Window): void;
}

const MOST_FAULTS = 12;

/** Which part of the time is looked at. */
export function Controls({ view, window, own, setWindow }: Props) {
  const to = (label: string, next: Window, name = label) => (
    <button type="button" aria-label={name} onClick={() => setWindow(next)}>
      {label}
    </button>
  );
  return (
    <div class="controls" role="toolbar" aria-label="Time that is shown">
      {to("traffic", trafficWindow(view))}
      {to("whole run", around(view.span))}
      {view.faults.slice(0, MOST_FAULTS).map((fault) => (
        <button type="button" key={fault.injection} onClick={() => setWindow(faultWindow(fault))}>
          fault {fault.injection}
        </button>
      ))}
      {own && to("this message", own)}
      {to("+", zoomed(window, 0.5), "zoom in")}
      {to("−", zoomed(window, 2), "zoom out")}
      {to("←", moved(window, -0.5), "earlier")}
      {to("→", moved(window, 0.5), "later")}
    </div>
  );
}

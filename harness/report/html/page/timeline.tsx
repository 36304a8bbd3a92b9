import * as Plot from "@observablehq/plot";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ExperimentView } from "../data.ts";
import { drawing, marksOf } from "./marks.ts";
import { useWidth } from "./use-width.ts";
import { moved, type Window, zoomed } from "./window.ts";

interface Props {
  view: ExperimentView;
  life: number | null;
  cursor: number | null;
  window: Window;
  setWindow(window: Window): void;
  choose(life: number): void;
}

/** Pixels of a lane: few lanes get more. */
const LANE = { least: 34, most: 64, together: 340 };
const NARROW = 600;

/** Who did what when: a lane for each party, faults as bands, and messages as paths. */
export function Timeline({ view, life, cursor, window, setWindow, choose }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const drawn = useMemo(() => drawing(view, life), [view, life]);
  useEffect(() => {
    const place = frame.current;
    if (!place || width === 0) return;
    const svg = Plot.plot(
      settings(view, window, width, marksOf(view, drawn, life, cursor, window)),
    );
    svg.setAttribute("aria-hidden", "true"); // The lists say the same, in words.
    place.replaceChildren(svg);
    const onClick = ({ target }: Event) => {
      const hit = target instanceof Element ? hitOf(target, drawn) : undefined;
      if (hit !== undefined) choose(hit);
    };
    svg.addEventListener("click", onClick);
  }, [view, drawn, life, cursor, window, width, choose]);
  const onKey = (event: KeyboardEvent) => {
    const next = windowAfter(event.key, window);
    if (!next) return;
    setWindow(next);
    event.preventDefault();
  };
  return (
    <div
      class="timeline"
      ref={frame}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it has keys of its own.
      tabIndex={0}
      aria-label="Timeline. Plus and minus zoom, arrow keys move. The messages and their lives stand below as text."
      onKeyDown={onKey}
    />
  );
}

function windowAfter(key: string, window: Window): Window | undefined {
  if (key === "+" || key === "=") return zoomed(window, 0.5);
  if (key === "-") return zoomed(window, 2);
  if (key === "ArrowLeft") return moved(window, -0.2);
  return key === "ArrowRight" ? moved(window, 0.2) : undefined;
}

function settings(
  { lanes }: ExperimentView,
  window: Window,
  width: number,
  marks: Plot.Markish[],
): Plot.PlotOptions {
  const isNarrow = width < NARROW;
  const letters = isNarrow ? 13 : 24;
  return {
    width,
    height: lanes.length * laneHeight(lanes.length) + 76,
    marginLeft: isNarrow ? 96 : 168,
    marginTop: 34,
    marginBottom: 38,
    marginRight: 28,
    style: { background: "transparent", color: "var(--ink)", fontSize: "12px", overflow: "hidden" },
    x: { domain: [...window], label: "milliseconds since the run began →", grid: true },
    y: {
      domain: [lanes.length - 0.5, -0.5],
      ticks: lanes.map((_, index) => index),
      tickFormat: (index: number) => shortened(lanes[index]?.name ?? "", letters),
      tickSize: 0,
      label: null,
    },
    symbol: { type: "identity" },
    r: { type: "identity" },
    marks,
  };
}

function laneHeight(lanes: number): number {
  return Math.max(LANE.least, Math.min(LANE.most, LANE.together / Math.max(1, lanes)));
}

function shortened(name: string, letters: number): string {
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
}

/** Marks keep the position of their datum; of a line, of all that it leads through. */
function hitOf(target: Element, { points, steps }: ReturnType<typeof drawing>): number | undefined {
  const { __data__: datum } = target as Element & { __data__?: number | number[] };
  if (typeof datum === "number" && target.closest(".steps")) return steps[datum]?.life;
  if (Array.isArray(datum) && target.closest(".paths")) return points[datum[0] as number]?.life;
  return undefined;
}

import * as Plot from "@observablehq/plot";
import type { ExperimentView, FaultBand, Rest } from "../data.ts";
import { laneIndex, type Point, pathOf, type Step } from "./path.ts";
import { lookOf } from "./symbols.ts";
import type { Window } from "./window.ts";
import { BAD, timeOf } from "./words.ts";

/** Half of a lane's height, in lanes. */
const HALF = 0.42;
/** Within it, messages lie side by side. */
const SPREAD = 0.3;
/** Messages that are drawn besides those that went wrong. */
const MOST_DRAWN = 60;

/** What a click may hit. */
export interface Drawn {
  points: readonly Point[];
  steps: readonly Step[];
}

/** The messages worth drawing: all where they are few, else what went wrong and the chosen one. */
export function drawnLives({ lives }: ExperimentView, chosen: number | null): number[] {
  const all = lives.map((_, index) => index);
  if (all.length <= MOST_DRAWN) return all;
  const bad = all.filter((index) => BAD.has(lives[index]?.fate ?? ""));
  return [...new Set([...bad.slice(0, MOST_DRAWN), ...(chosen === null ? [] : [chosen])])];
}

export function drawing(view: ExperimentView, chosen: number | null): Drawn {
  const index = laneIndex(view.lanes);
  const tracks = drawnLives(view, chosen).map((life) => pathOf(life, view, index));
  return {
    points: tracks.flatMap(({ points }) => points),
    steps: tracks.flatMap(({ steps }) => steps),
  };
}

/** All marks of a timeline, from the ground up. */
export function marksOf(
  view: ExperimentView,
  { points, steps }: Drawn,
  chosen: number | null,
  cursor: number | null,
  window: Window,
): Plot.Markish[] {
  const y = offsets(drawnLives(view, chosen));
  const isChosen = ({ life }: Point) => life === chosen;
  const tone = ({ life }: Point) => (BAD.has(view.lives[life]?.fate ?? "") ? "bad" : "good");
  const stroke = (point: Point) => `var(--${isChosen(point) ? "chosen" : tone(point)})`;
  const faded = (point: Point) => (chosen === null || isChosen(point) ? 1 : 0.28);
  const last = points.filter(isChosen);
  return [
    ...ground(view, window),
    ...bands(view.faults, window),
    ...density(view.rest),
    Plot.line(points, {
      x: "at",
      y,
      z: "life",
      stroke,
      strokeWidth: 1.3,
      strokeOpacity: faded,
      className: "paths",
      clip: true,
    }),
    Plot.line(last, { x: "at", y, z: "life", stroke: "var(--chosen)", strokeWidth: 3, clip: true }),
    Plot.dot(steps, {
      x: "at",
      y,
      symbol: (step: Step) => lookOf(step.event).symbol,
      r: (step: Step) => (isChosen(step) ? 6 : 4),
      stroke,
      strokeOpacity: faded,
      fill: "var(--paper)",
      title: (step: Step) =>
        `${view.lives[step.life]?.task}: ${lookOf(step.event).word}, ${timeOf(step.at)}`,
      className: "steps",
      clip: true,
    }),
    ...(cursor === null
      ? []
      : [Plot.ruleX([cursor], { stroke: "var(--chosen)", strokeDasharray: "3 3", clip: true })]),
  ];
}

/** Messages of a lane lie beside each other, each at the same height everywhere. */
function offsets(lives: readonly number[]): (point: Point) => number {
  const place = new Map(lives.map((life, index) => [life, index]));
  const step = lives.length > 1 ? (2 * SPREAD) / (lives.length - 1) : 0;
  const start = lives.length > 1 ? -SPREAD : 0;
  return ({ lane, life }) => lane + start + step * (place.get(life) ?? 0);
}

function ground({ lanes }: ExperimentView, [from, to]: Window): Plot.Markish[] {
  const spans = lanes.flatMap(({ spans: own, kind }, lane) =>
    own.map((span) => ({ ...span, lane, kind })),
  );
  type Shown = (typeof spans)[number];
  const ends = spans.filter(({ end, to: at }) => end !== undefined && at <= to);
  const isEarly = (span: Shown) => span.to < from + 0.85 * (to - from);
  return [
    Plot.rect(spans, {
      x1: "from",
      x2: "to",
      y1: ({ lane }: Shown) => lane - HALF,
      y2: ({ lane }: Shown) => lane + HALF,
      fill: ({ state, kind }: Shown) => `var(--lane-${state === "paused" ? "paused" : kind})`,
      clip: true,
    }),
    // Beside the end, where the lane is empty; before it, where the page ends.
    ...[ends.filter(isEarly), ends.filter((span) => !isEarly(span))].map((some, index) =>
      Plot.text(some, {
        x: "to",
        y: ({ lane }: Shown) => lane + 0.3,
        dx: index === 0 ? 4 : -4,
        text: "end",
        textAnchor: index === 0 ? "start" : "end",
        fill: "var(--bad)",
        fontSize: 11,
        clip: true,
      }),
    ),
  ];
}

function bands(faults: readonly FaultBand[], [from, to]: Window): Plot.Markish[] {
  const least = (to - from) / 400;
  const wide = faults.map((fault) => ({ ...fault, to: Math.max(fault.to, fault.from + least) }));
  const begun = wide.filter((fault) => fault.from >= from && fault.from <= to);
  return [
    Plot.rect(wide, { x1: "from", x2: "to", fill: "var(--fault)", fillOpacity: 0.22, clip: true }),
    Plot.ruleX(wide, { x: "from", stroke: "var(--fault)", strokeWidth: 1.5, clip: true }),
    Plot.text(begun, {
      x: "from",
      frameAnchor: "top",
      dy: -14,
      text: ({ injection, fault }: FaultBand) => `⚡ ${injection} ${fault}`,
      textAnchor: "start",
      fill: "var(--fault-ink)",
      fontWeight: "bold",
    }),
  ];
}

/** What went well, as shades: the darker, the more happened. */
function density({ density: lanes, bin }: Rest): Plot.Markish[] {
  const all = lanes.flatMap(({ lane, counts }) =>
    Array.from({ length: counts.length / 2 }, (_, index) => ({
      lane,
      from: (counts[2 * index] ?? 0) * bin,
      count: counts[2 * index + 1] ?? 0,
    })),
  );
  if (all.length === 0) return [];
  const most = all.reduce((top, { count }) => Math.max(top, count), 1);
  type Bin = (typeof all)[number];
  return [
    Plot.rect(all, {
      x1: "from",
      x2: ({ from }: Bin) => from + bin,
      y1: ({ lane, count }: Bin) => lane + HALF - 0.7 * Math.sqrt(count / most),
      y2: ({ lane }: Bin) => lane + HALF,
      fill: "var(--good)",
      fillOpacity: 0.5,
      clip: true,
    }),
  ];
}

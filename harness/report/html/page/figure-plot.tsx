import * as Plot from "@observablehq/plot";
import { useEffect, useRef } from "preact/hooks";
import { answerInWords, boundInWords, valueInWords } from "../../benchmark-words.ts";
import type { Figure, Unit } from "../../benchmarks.ts";
import { useWidth } from "./use-width.ts";

/** Pixels of a figure: its words, and its rounds beneath them. */
const LANE = 46;
const MARGIN = { left: 16, right: 24, top: 8, bottom: 44 };
const LETTERS = 12;
const WORDS = 20;
/** Rounds lie in the middle of what the words leave. */
const BENEATH = WORDS / 2;

/** So many times the lowest value, and the lowest would be lost on an axis from nothing. */
const WIDE = 50;

const AXES: Record<Unit, string> = {
  "": "ratio",
  "/s": "a second",
  s: "seconds",
  ms: "milliseconds",
  B: "bytes",
  MB: "megabytes",
};

/** Every round of some figures as a dot, with their medians and bounds, on one axis. */
export function FigurePlot({ figures }: { figures: readonly Figure[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [first] = figures;
  useEffect(() => {
    const place = frame.current;
    if (!place || width === 0) return;
    const svg = Plot.plot(settings(figures, width));
    svg.setAttribute("aria-hidden", "true"); // The table says the same, in words.
    place.replaceChildren(svg);
  }, [figures, width]);
  if (!first) return null;
  return (
    <figure class="figure">
      <figcaption>
        <bdi>{first.benchmark}</bdi> <small>{AXES[first.unit]}</small>
      </figcaption>
      <div class="timeline" ref={frame} />
    </figure>
  );
}

function settings(figures: readonly Figure[], width: number): Plot.PlotOptions {
  const [first] = figures;
  const x = axisOf(figures);
  return {
    width,
    height: figures.length * LANE + MARGIN.top + MARGIN.bottom,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    style: {
      background: "transparent",
      color: "var(--ink)",
      fontSize: `${LETTERS}px`,
      overflow: "hidden",
    },
    x: { ...x, grid: true, labelOffset: MARGIN.bottom - 8, label: `${AXES[first?.unit ?? ""]} →` },
    y: { domain: figures.map((_, index) => index), axis: null, padding: 0.1 },
    marks: marksOf(figures, x.domain[0], width - MARGIN.left - MARGIN.right),
  };
}

/** From nothing, so that lengths can be compared; by powers of ten where they are too far apart. */
function axisOf(figures: readonly Figure[]): { type: "linear" | "log"; domain: [number, number] } {
  const all = figures.flatMap(({ rounds, lowest, highest, bound }) => [
    ...rounds,
    lowest,
    highest,
    ...(bound ? [bound.value] : []),
  ]);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (least > 0 && most / least > WIDE) return { type: "log", domain: [least / 1.5, most * 1.5] };
  const end = most > 0 ? most * 1.06 : 1;
  return { type: "linear", domain: [Math.min(0, least * 1.06), end] };
}

function marksOf(figures: readonly Figure[], start: number, width: number): Plot.Markish[] {
  const lanes = figures.map((figure, lane) => ({ ...figure, lane }));
  const dots = lanes.flatMap(({ rounds, lane, met, unit }) =>
    rounds.map((value) => ({ value, lane, met, unit })),
  );
  const tone = ({ met }: { met: boolean | null }) => `var(--${met === false ? "bad" : "good"})`;
  const bounded = lanes.flatMap(({ bound, lane }) => (bound ? [{ value: bound.value, lane }] : []));
  return [
    Plot.ruleY(lanes, { y: "lane", x1: "lowest", x2: "highest", dy: BENEATH, stroke: tone }),
    Plot.tickX(bounded, {
      x: "value",
      y: "lane",
      insetTop: WORDS,
      stroke: "var(--fault)",
      strokeWidth: 2,
      strokeDasharray: "3 3",
    }),
    Plot.tickX(lanes, { x: "median", y: "lane", insetTop: WORDS, stroke: tone, strokeWidth: 3 }),
    Plot.dot(dots, {
      x: "value",
      y: "lane",
      dy: BENEATH,
      r: 4,
      stroke: tone,
      fill: "var(--sheet)",
      title: ({ value, unit }) => valueInWords(value, unit),
    }),
    Plot.text(lanes, {
      x: () => start,
      y: "lane",
      dy: -BENEATH - 2,
      text: wordsOf,
      textAnchor: "start",
      lineWidth: width / LETTERS,
      textOverflow: "ellipsis",
      fill: "var(--ink)",
    }),
  ];
}

function wordsOf(figure: Figure): string {
  const bound = figure.bound ? `, ${boundInWords(figure)}: ${answerInWords(figure)}` : "";
  return `${figure.what}: ${valueInWords(figure.median, figure.unit)}${bound}`;
}

import type { Event } from "../../../history/event.ts";

/** How a step is drawn: by its shape, so that colour is only a help. */
export interface Look {
  symbol: keyof typeof GLYPHS;
  word: string;
  /** Something that nobody wished for. */
  isBad?: true;
}

/** The same shapes as text. */
export const GLYPHS = {
  circle: "○",
  diamond: "◇",
  triangle: "△",
  star: "☆",
  square: "□",
  times: "×",
  plus: "+",
  wye: "Y",
  asterisk: "✱",
};

const DONE: Look = { symbol: "star", word: "effect done" };

const LOOKS: Partial<Record<Event["type"], Look>> = {
  published: { symbol: "circle", word: "published" },
  "publish-confirmed": { symbol: "diamond", word: "confirmed" },
  delivered: { symbol: "triangle", word: "delivered" },
  "effect-requested": { symbol: "wye", word: "effect asked for" },
  "effect-done": DONE,
  "effect-logged": DONE,
  "effect-refused": { symbol: "asterisk", word: "effect refused", isBad: true },
  acked: { symbol: "square", word: "acked" },
  held: { symbol: "plus", word: "held" },
};

/** Everything else is an end of some kind: rejected, closed, abandoned. */
const OTHER: Look = { symbol: "times", word: "ended otherwise", isBad: true };

export function lookOf({ type }: Event): Look {
  return LOOKS[type] ?? OTHER;
}

export const LEGEND: readonly Look[] = [...new Set(Object.values(LOOKS)), OTHER];

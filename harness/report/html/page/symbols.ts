import type { Event } from "../../../history/event.ts";

/** How a step is drawn: by its shape, so that colour is only a help. */
export interface Look {
  symbol: "circle" | "diamond" | "triangle" | "star" | "square" | "times" | "plus" | "wye";
  word: string;
}

const LOOKS: Partial<Record<Event["type"], Look>> = {
  published: { symbol: "circle", word: "published" },
  "publish-confirmed": { symbol: "diamond", word: "confirmed" },
  delivered: { symbol: "triangle", word: "delivered" },
  "effect-requested": { symbol: "wye", word: "effect asked for" },
  "effect-done": { symbol: "star", word: "effect done" },
  acked: { symbol: "square", word: "acked" },
  held: { symbol: "plus", word: "held" },
};

/** Everything else is an end of some kind: refused, rejected, closed, abandoned. */
const OTHER: Look = { symbol: "times", word: "ended otherwise" };

export function lookOf({ type }: Event): Look {
  return LOOKS[type] ?? OTHER;
}

export const LEGEND: readonly Look[] = [...Object.values(LOOKS), OTHER];

import type { Address } from "../../../harness/link/link.ts";
import type { Helper } from "./helper.ts";
import type { Timing } from "./load.ts";
import type { LoadAnswers } from "./load-process.ts";

/** What is timed on each path, one after the other. */
export type Measure =
  | "publish"
  | "consume at prefetch 1"
  | "consume at prefetch 100"
  | "one publish and its confirm"
  | "one ack and the next delivery";

/** The same work on every path: some messages of one size in, and out again. */
export interface Workload {
  /** Bytes of body. */
  size: number;
  /** Messages for throughput. */
  count: number;
  /** Messages for round trips; 0 leaves them out. */
  trips: number;
}

/** Publishes in flight. A producer that awaits each confirm would measure the round trip only. */
const WINDOW = 200;

/**
 * Consumers side by side, as a queue has when it matters: with one alone, prefetch 1 is a round
 * trip after the other, and measured as such.
 */
const CONSUMERS = 10;

type Step = [measure: Measure, run: (load: Helper<LoadAnswers>, at: Place) => Promise<Timing>];

/** Where a step takes place: a path, and a queue that no other path uses. */
export interface Place {
  address: Address;
  queue: string;
}

/** The steps in order: what one publishes, later ones consume, and nothing is left. */
export function stepsOf({ size, count, trips }: Workload): Step[] {
  const half = Math.ceil(count / 2);
  const many = { count: half, consumers: CONSUMERS };
  const throughput: Step[] = [
    [
      "publish",
      (load, at) => load.ask("publish", { ...at, size, count: 2 * half, window: WINDOW }),
    ],
    ["consume at prefetch 1", (load, at) => load.ask("consume", { ...at, ...many, prefetch: 1 })],
    [
      "consume at prefetch 100",
      (load, at) => load.ask("consume", { ...at, ...many, prefetch: 100 }),
    ],
  ];
  if (trips === 0) return throughput;
  const one = { count: trips, consumers: 1, prefetch: 1 };
  return [
    ...throughput,
    [
      "one publish and its confirm",
      (load, at) => load.ask("publish", { ...at, size, count: trips, window: 1 }),
    ],
    ["one ack and the next delivery", (load, at) => load.ask("consume", { ...at, ...one })],
  ];
}

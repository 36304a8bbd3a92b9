import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { SoakOptions } from "./options.ts";

/** One kill that a soak has planned. */
export interface Strike {
  fault: "worker-kill" | "broker-kill";
  /** How many acks come before it. */
  after: number;
  /** Which of the workers that are at work then: this, modulo their number. */
  whom: number;
}

/** The part of all tasks by which every kill is done: what it breaks is to be seen. */
const LAST = 0.75;

/** Whom a strike is for, before anybody knows how many are there. */
const ANYONE = 0xffff;

/**
 * When who is killed, in terms of progress and never of time: the same seed gives the same schedule
 * on any machine. The kills are spread evenly, each somewhere in its own share of the run.
 */
export function scheduleOf(options: SoakOptions): Strike[] {
  const { messages, seed, workerKills, brokerKills } = options;
  const random = xoroshiro128plus(seed);
  const draw = (below: number) => uniformInt(random, 0, Math.max(0, below - 1));
  const faults: Strike["fault"][] = [
    ...Array<"worker-kill">(workerKills).fill("worker-kill"),
    ...Array<"broker-kill">(brokerKills).fill("broker-kill"),
  ];
  const share = Math.floor((messages * LAST) / Math.max(1, faults.length));
  return shuffled(faults, draw).map((fault, index) => ({
    fault,
    after: index * share + 1 + draw(share),
    whom: draw(ANYONE),
  }));
}

function shuffled<T>(values: readonly T[], draw: (below: number) => number): T[] {
  const rest = [...values];
  return values.flatMap(() => rest.splice(draw(rest.length), 1));
}

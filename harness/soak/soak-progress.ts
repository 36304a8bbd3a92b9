import { elapsed, timeLeft } from "../report/live/time-left.ts";
import type { SoakState } from "./books.ts";
import type { Strike } from "./schedule.ts";
import { grouped } from "./words.ts";

/** How far a soak and its kills are, whenever somebody looks. */
export interface SoakView extends SoakState {
  messages: number;
  /** Kills that have landed, of all. */
  kills: { landed: number; of: number };
  /** The one that comes next, or is under way. */
  next: Strike | undefined;
}

/** Acks before it is said how long the others may take: workers begin one after the other. */
const ENOUGH = 0.01;

/** What there is to see of a soak while it takes its time. Times are milliseconds. */
export class SoakProgress {
  readonly #clock: () => number;
  readonly #began: number;
  #look: (() => SoakView) | undefined;

  constructor(clock = () => performance.now()) {
    this.#clock = clock;
    this.#began = clock();
  }

  /** @param look what there is to see, from now on. */
  begins(look: () => SoakView): void {
    this.#look = look;
  }

  get lines(): string[] {
    const spent = elapsed(this.#clock() - this.#began);
    const view = this.#look?.();
    if (!view) return [`soak  waiting for the broker · ${spent}`];
    const { acked, messages, rate, inFlight } = view;
    const time = [spent, ...timeLeft(leftOf(view))].join(", ");
    return [
      `soak  ${grouped(acked)} acks for ${grouped(messages)} tasks · ${time} · ${grouped(rate)}/s`,
      `  ${killsInWords(view)} · ${grouped(inFlight)} in flight`,
    ];
  }
}

/** While something is being killed, nobody knows for how long nothing will go on. */
function leftOf(view: SoakView): number | undefined {
  const { acked, messages, rate } = view;
  if (acked < messages * ENOUGH || rate === 0 || isUnderWay(view)) return undefined;
  return ((messages - acked) / rate) * 1000;
}

function isUnderWay({ next, acked }: SoakView): boolean {
  return next !== undefined && acked >= next.after;
}

function killsInWords(view: SoakView): string {
  const { kills, next } = view;
  if (kills.of === 0) return "no kills";
  const far = `${kills.landed} of ${kills.of} kills`;
  if (!next) return far;
  const whom = next.fault === "broker-kill" ? "the broker" : "a worker";
  return isUnderWay(view)
    ? `${far}, ${whom} is being killed`
    : `${far}, the next of ${whom} after ${grouped(next.after)} acks`;
}

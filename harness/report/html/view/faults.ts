import type { EventOf } from "../../../history/event.ts";
import type { Reader, Readings } from "../../../ledger/reading.ts";
import type { FaultBand } from "../data.ts";

/** Faults of which the broker, or a node of it, is gone for a while. */
const OUTAGES = new Set([
  "broker-stop",
  "broker-kill",
  "power-cut",
  "upgrade",
  "node-stop",
  "node-kill",
]);

/** Each fault with the time for which it lasted: until it was healed, or its witness had seen it. */
export class Faults implements Reader {
  readonly bands: FaultBand[] = [];
  readonly #open = new Map<number, FaultBand>();
  readonly #healed = new Set<FaultBand>();

  readonly reads: Readings = {
    "fault-injected": (event) => this.#begin(event),
    "fault-witnessed": (event) => this.#see(event),
    "fault-healed": ({ injection, at }) => this.#heal(this.#open.get(injection), at),
    "broker-up": ({ at }) => {
      for (const band of this.bands) if (OUTAGES.has(band.fault)) this.#heal(band, at);
    },
  };

  #begin({ at, fault, injection, target, moment, task }: EventOf<"fault-injected">): void {
    const band = { injection, fault, target, moment, task, from: at, to: at, evidence: null };
    this.#open.set(injection, band);
    this.bands.push(band);
  }

  #see({ injection, evidence, at }: EventOf<"fault-witnessed">): void {
    const band = this.#open.get(injection);
    if (!band) return;
    band.evidence ??= evidence;
    if (!this.#healed.has(band)) band.to = Math.max(band.to, at);
  }

  /** The first end counts. */
  #heal(band: FaultBand | undefined, at: number): void {
    if (!band || this.#healed.has(band)) return;
    band.to = at;
    this.#healed.add(band);
  }
}

import type { Preview } from "./from-client.ts";
import type { Hold } from "./hold.ts";
import type { Way } from "./way.ts";
import type { Witness } from "./witness.ts";

type Outcome = "forwarded" | "dropped";

/** The holds that stand in one connection: one on either way at most. */
export class StandingHolds {
  readonly #witness: Witness;
  readonly #drops = new Map<Way, () => void>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** A hold has caught the method at the head of a way. */
  begin(way: Way, hold: Hold, channel: number, { what, tasks }: Preview): void {
    const { direction, towards } = way;
    const where = { channel, hold: hold.number };
    this.#witness.tell({ type: "held", what, tasks, ...where });
    const end = (outcome: Outcome, goOn: () => void) => {
      if (this.#drops.get(way) !== drop) return;
      this.#drops.delete(way);
      this.#witness.tell({ type: "hold-ended", outcome, ...where });
      goOn();
      way.measure();
    };
    const drop = () => end("dropped", () => direction.dropHeld());
    this.#drops.set(way, drop);
    const { connection } = this.#witness.where;
    hold.land({
      connection,
      channel,
      tasks,
      towards,
      forward: () => end("forwarded", () => direction.forwardHeld()),
      drop,
      tear: () => end("dropped", () => direction.tearHeld()),
    });
  }

  /** Drops what stands on a way, if anything does. */
  drop(way: Way): void {
    this.#drops.get(way)?.();
  }

  dropAll(): void {
    for (const way of [...this.#drops.keys()]) this.drop(way);
  }
}

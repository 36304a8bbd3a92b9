import { EVERYONE, type EventOf } from "../history/event.ts";
import type { Effects } from "./effects.ts";
import type { Holds } from "./holds.ts";
import { type Proof, proofOf } from "./moments.ts";
import type { Reader, Readings } from "./reading.ts";
import type { Sums } from "./sums.ts";
import type { Tasks } from "./tasks.ts";
import type { Wire } from "./wire.ts";

/** What a fault names as its target where the broker is a single node. */
const BROKER = "broker";

/** One fault, and what the other witnesses saw of it after it was injected. */
export interface Injection {
  readonly injected: EventOf<"fault-injected">;
  /** The moment it claims, judged when it was injected. */
  readonly proof: Proof;
  /** Anything was confirmed or delivered before. */
  readonly hadTraffic: boolean;
  /** Its target had a delivery in hand, or was in the middle of an effect. */
  readonly wasBusy: boolean;
  witnessed: boolean;
  /** The first exit of its target since. */
  exit: EventOf<"process-exited"> | null;
  /** The first end of the broker, or of the node that it struck, since; and the next start. */
  down: EventOf<"broker-down"> | null;
  up: EventOf<"broker-up"> | null;
  /** Between the two, another life ended before it had begun. */
  failedToBoot: boolean;
  /** The version of the broker, or of the node that it strikes, before. */
  readonly was: string | null;
  paused: boolean;
  /** A connection of its target was closed since, without the farewell of the protocol. */
  cut: boolean;
  /** Bytes were struck by it, or a connection refused. */
  struck: boolean;
}

/** Follows each fault from its injection. */
export class Injections implements Reader {
  readonly #tasks: Tasks;
  readonly #holds: Holds;
  readonly #wire: Wire;
  readonly #effects: Effects;
  readonly #sums: Sums;
  readonly #all: Injection[] = [];
  /** By node, or `BROKER`. */
  readonly #versions = new Map<string, string>();

  constructor(witnesses: {
    tasks: Tasks;
    holds: Holds;
    wire: Wire;
    effects: Effects;
    sums: Sums;
  }) {
    this.#tasks = witnesses.tasks;
    this.#holds = witnesses.holds;
    this.#wire = witnesses.wire;
    this.#effects = witnesses.effects;
    this.#sums = witnesses.sums;
  }

  readonly reads: Readings = {
    "fault-injected": (event) => this.#injected(event),
    "fault-witnessed": ({ injection, fault }) => {
      for (const one of this.#all) {
        const isThis = one.injected.injection === injection && one.injected.fault === fault;
        if (isThis) one.witnessed = true;
      }
    },
    "process-exited": (event) => {
      for (const one of this.#on(event)) one.exit ??= event;
    },
    "connection-closed": (event) => {
      if (event.clean) return;
      for (const one of this.#on(event)) one.cut = true;
    },
    impaired: (event) => this.#struck(event),
    "connection-refused": (event) => this.#struck(event),
    "broker-down": (event) => {
      for (const one of this.#about(event)) {
        if (one.down !== null && one.up === null) one.failedToBoot = true;
        one.down ??= event;
      }
    },
    "broker-up": (event) => {
      for (const one of this.#about(event)) if (one.down !== null) one.up ??= event;
      this.#versions.set(event.node ?? BROKER, event.version);
    },
    "broker-paused": () => {
      for (const one of this.#all) one.paused = true;
    },
  };

  all(): readonly Injection[] {
    return this.#all;
  }

  #on(place: { subject: string; connection?: number }): Injection[] {
    return this.#all.filter(({ injected: { target, connection } }) => {
      if (target !== EVERYONE && target !== place.subject) return false;
      return connection === undefined || connection === place.connection;
    });
  }

  /** What a node of a cluster does says something of the faults on that node, and of no other. */
  #about({ node }: { node?: string }): Injection[] {
    if (node === undefined) return this.#all;
    return this.#all.filter(({ injected }) => injected.target === node);
  }

  #struck({ injection }: { injection: number }): void {
    for (const one of this.#all) if (one.injected.injection === injection) one.struck = true;
  }

  #isBusy(target: string): boolean {
    return this.#wire.isBusy(target) || this.#effects.isUnderWay(target);
  }

  #injected(injected: EventOf<"fault-injected">): void {
    const isDeliveryHeld = this.#holds.open().some((hold) => hold.what === "delivery");
    this.#all.push({
      injected,
      proof: proofOf(injected, this.#tasks, this.#holds),
      hadTraffic: this.#sums.confirmed > 0 || this.#sums.delivered > 0 || isDeliveryHeld,
      wasBusy: this.#isBusy(injected.target),
      witnessed: false,
      exit: null,
      down: null,
      up: null,
      failedToBoot: false,
      was: this.#versions.get(injected.target) ?? null,
      paused: false,
      cut: false,
      struck: false,
    });
  }
}

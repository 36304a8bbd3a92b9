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
  /** Its target had a process running. */
  readonly wasRunning: boolean;
  /** The signals that its target was sent since. */
  readonly signals: string[];
  /** An ack was forged since in the place of its target, or none was needed to settle its task. */
  forged: boolean;
  /** What the broker has since closed or cancelled of its target. */
  readonly taken: (EventOf<"channel-closed"> | EventOf<"consumer-cancelled">)[];
}

/** Follows each fault from its injection. */
export class Injections implements Reader {
  readonly #tasks: Tasks;
  readonly #holds: Holds;
  readonly #wire: Wire;
  readonly #effects: Effects;
  readonly #sums: Sums;
  readonly #all: Injection[] = [];
  readonly #running = new Set<string>();
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
    "process-started": ({ subject }) => {
      this.#running.add(subject);
    },
    "process-signalled": (event) => {
      for (const one of this.#on(event)) one.signals.push(event.signal);
    },
    "process-exited": (event) => {
      this.#running.delete(event.subject);
      for (const one of this.#on(event)) one.exit ??= event;
    },
    "ack-forged": (event) => this.#settledUnseen(event),
    delivered: (event) => {
      if (event.noAck && event.dropped) this.#settledUnseen(event);
    },
    "channel-closed": (event) => this.#taken(event),
    "consumer-cancelled": (event) => this.#taken(event),
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

  #settledUnseen(event: EventOf<"ack-forged"> | EventOf<"delivered">): void {
    for (const one of this.#on(event)) if (one.injected.task === event.task) one.forged = true;
  }

  #taken(event: EventOf<"channel-closed"> | EventOf<"consumer-cancelled">): void {
    if (event.by !== "broker") return;
    for (const one of this.#on(event)) one.taken.push(event);
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
      wasRunning: this.#running.has(injected.target),
      signals: [],
      forged: false,
      taken: [],
    });
  }
}

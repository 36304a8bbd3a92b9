import type { Broker } from "../broker/broker.ts";
import type { Cluster } from "../broker/cluster.ts";
import type { FaultName, Moment } from "../history/event.ts";
import type { History } from "../history/history.ts";
import type { Link } from "../link/link.ts";
import type { Sink } from "../sink/sink.ts";

/** What a fault can reach: everything of a run except its workload. */
export interface Stage {
  history: History;
  broker: Broker;
  link: Link;
  sink: Sink;
  /** Where the broker is several nodes. */
  cluster?: Cluster;
  /** The virtual host in which all of it happens. */
  vhost: string;
}

export interface Target {
  fault: FaultName;
  /** A subject's name, "broker", or "everyone". */
  target: string;
  /** Number of the one connection of it that the fault is about. */
  connection?: number;
  moment: Moment;
  task?: string | null;
}

/** How many there were so far: a history need not keep its events. */
const injections = new WeakMap<History, number>();

/** One injection of a fault, from its order to its evidence. */
export class Injection {
  readonly #history: History;
  readonly #fault: FaultName;
  /** From 1, in the order of a run. */
  readonly number: number;

  private constructor(history: History, fault: FaultName, number: number) {
    this.#history = history;
    this.#fault = fault;
    this.number = number;
  }

  /** Records that the fault is injected now. Its effect must follow in the same turn. */
  static begin(history: History, { task = null, ...target }: Target): Injection {
    const injection = 1 + (injections.get(history) ?? 0);
    injections.set(history, injection);
    history.record({ type: "fault-injected", injection, ...target, task });
    return new Injection(history, target.fault, injection);
  }

  /** @param evidence what another witness than the one that injected it saw. */
  witnessed(evidence: string): void {
    const { fault, injection } = this.#named;
    this.#history.record({ type: "fault-witnessed", fault, injection, evidence });
  }

  healed(): void {
    this.#history.record({ type: "fault-healed", ...this.#named });
  }

  get #named() {
    return { fault: this.#fault, injection: this.number };
  }
}

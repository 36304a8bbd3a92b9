import type { QueueFact, QueueType } from "../../history/event.ts";
import type { History } from "../../history/history.ts";
import type { Route } from "../../link/identity.ts";
import type { Definitions } from "./definitions.ts";
import { type QueueRole, rolesOf } from "./roles.ts";
import { routed } from "./routing.ts";
import { termsOf } from "./terms.ts";

type Declared = Extract<QueueFact, { type: "queue-declared" }>;

/** How tasks get to the work queue, and what is known of it beforehand. */
export interface Place {
  queue: string;
  queueType: QueueType;
  exchange: string;
  routingKey: string;
  output: string | undefined;
}

/** The queues of a trial and how they hang together, as far as anything tells. */
export class Topology {
  readonly #place: Place;
  /** The audit's own queues that were not there before. */
  readonly declared: readonly string[];
  readonly #told = new Set<string>();
  #definitions: Definitions;
  #roles: ReadonlyMap<string, QueueRole>;

  constructor(place: Place, definitions: Definitions, declared: readonly string[] = []) {
    this.#place = place;
    this.declared = declared;
    this.#definitions = definitions;
    this.#roles = rolesOf(definitions, place);
  }

  /** The worker may have declared more, or it is told only now. What was known stays known. */
  learn({ queues, ...definitions }: Definitions): void {
    const names = queues.map(({ name }) => name);
    const others = this.#definitions.queues.filter(({ name }) => !names.includes(name));
    this.#definitions = { ...definitions, queues: [...others, ...queues] };
    this.#roles = rolesOf(this.#definitions, this.#place);
  }

  /** The queues of a role, in the order in which they are known. */
  queues(...wanted: QueueRole[]): string[] {
    const found = [...this.#roles].filter(([, role]) => wanted.includes(role));
    return found.map(([name]) => name);
  }

  /** Does a message published like this reach a queue in which tasks wait or end? */
  leadsBack({ exchange, routingKey }: Pick<Route, "exchange" | "routingKey">): boolean {
    const { place } = this;
    if (exchange === place.exchange && routingKey === place.routingKey) return true;
    const back = this.queues("work", "retry", "parking");
    return back.some((queue) => this.routed(exchange, routingKey).has(queue));
  }

  routed(exchange: string, routingKey: string): ReadonlySet<string> {
    return routed(this.#definitions, exchange, routingKey);
  }

  get place(): Place {
    return this.#place;
  }

  /**
   * Records `queue-declared` for each queue that has not been told of yet, except for those found
   * elsewhere; returns all that are to be drained.
   */
  tell(history: History): string[] {
    for (const queue of this.queues("work", "retry", "parking", "output")) {
      if (this.#told.has(queue)) continue;
      this.#told.add(queue);
      history.record({ type: "queue-declared", ...this.#about(queue) });
    }
    return this.queues("work", "retry", "parking");
  }

  #about(queue: string): Omit<Declared, "type"> {
    const found = this.#roles.get(queue);
    const role = found === "parking" || found === "output" ? found : "work";
    const definition = this.#definitions.queues.find(({ name }) => name === queue);
    if (!definition) {
      const { queueType } = this.#place;
      return { queue, role, durable: true, queueType, discards: [] };
    }
    const { type: queueType, discards } = termsOf(this.#definitions, definition);
    return { queue, role, durable: definition.durable, queueType, discards };
  }
}

import { EVERYONE, type EventOf, type FaultName } from "../history/event.ts";
import type { Delivery } from "./delivery.ts";
import { underTest } from "./subjects.ts";

/** Faults whose target is, or can be, one node of the broker. */
const ON_NODES: readonly FaultName[] = ["node-kill", "node-stop", "partition", "upgrade"];

/** Tasks whose effect a subject did, and whose delivery it never answered, by subject. */
export class Unanswered {
  /** Where the last fault on each target stands in the history. */
  readonly #faults = new Map<string, number>();
  readonly #noted = new Map<string, Set<string>>();

  struck({ fault, target, seq }: EventOf<"fault-injected">): void {
    // Which subjects a node's end has struck depends on who is connected to it, or to its queues.
    this.#faults.set(ON_NODES.includes(fault) ? "broker" : target, seq);
  }

  /** Looks at a delivery that comes to its end without an answer. */
  note(delivery: Delivery): void {
    if (this.#isUnanswered(delivery)) noteUnder(this.#noted, delivery);
  }

  /** All of them, if these deliveries got no answer any more. */
  with(open: Iterable<Delivery>): Map<string, Set<string>> {
    const found = new Map([...this.#noted].map(([subject, ids]) => [subject, new Set(ids)]));
    for (const delivery of open) if (this.#isUnanswered(delivery)) noteUnder(found, delivery);
    return found;
  }

  /** A fault on the subject or the broker since the delivery explains a missing answer. */
  #isUnanswered(delivery: Delivery): boolean {
    const { subject, seen, done, answered } = delivery;
    if (!seen || !done || answered || !underTest(subject)) return false;
    const onSubject = this.#faults.get(subject) ?? 0;
    const onAll = Math.max(this.#faults.get("broker") ?? 0, this.#faults.get(EVERYONE) ?? 0);
    return delivery.seq > Math.max(onSubject, onAll);
  }
}

function noteUnder(bySubject: Map<string, Set<string>>, { subject, task }: Delivery): void {
  const ids = bySubject.get(subject) ?? new Set();
  if (task !== null) ids.add(task.id);
  bySubject.set(subject, ids);
}

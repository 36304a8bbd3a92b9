import type { EventOf } from "../history/event.ts";
import type { Delivery } from "./delivery.ts";

/** Milliseconds in which SIGTERM reaches a program, and its cancel the broker. */
const ON_ITS_WAY = 1_000;

/**
 * A process was asked to end, and may still be sent tasks. A program hears SIGTERM a little later,
 * and what its prefetch has room for, or what an ack on its way makes room for, still comes: that
 * may be finished. What came for the ack of a task that had itself come after the signal was taken
 * by a program that goes on as before; so was what came when it had long heard.
 */
export class Notice {
  readonly asked: EventOf<"process-signalled">;
  /** Where in the history the fault stands that asked it. */
  readonly fault: number;
  /** What it should not have begun. */
  readonly late: Delivery[] = [];
  /** How many tasks more its prefetch lets the broker send it. */
  #room: number;
  readonly #since = new Set<string>();

  constructor(asked: EventOf<"process-signalled">, fault: number, room: number) {
    this.asked = asked;
    this.fault = fault;
    this.#room = room;
  }

  delivered(delivery: Delivery, at: number): void {
    this.#room -= 1;
    this.#since.add(delivery.task?.id ?? "");
    const hasHeard = at - this.asked.at > ON_ITS_WAY;
    if (this.#room < 0 || hasHeard) this.late.push(delivery);
  }

  answered(tasks: readonly (string | null)[]): void {
    this.#room += tasks.filter((task) => !this.#since.has(task ?? "")).length;
  }
}

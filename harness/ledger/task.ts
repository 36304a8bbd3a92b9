import type { Delivery, Settlement } from "./delivery.ts";
import type { Publish } from "./publish.ts";
import { EFFECTS } from "./subjects.ts";

/** All that the history has said so far about one task. */
export class Task {
  readonly id: string;
  readonly publishes: Publish[] = [];
  /** Publishes that the broker confirmed to a client that heard it. */
  confirmations = 0;

  /** Deliveries that have not come to an end. */
  readonly open: Delivery[] = [];
  /** Deliveries that have, in that order. */
  readonly past: Delivery[] = [];
  /** Deliveries that the link acked in their subject's place: it may believe them open. */
  readonly forged: Delivery[] = [];
  /** Every delivery so far, to subjects under test. */
  deliveries = 0;
  /** The subjects whose client saw a delivery of it. */
  readonly seenBy: string[] = [];
  /** Copies that went back to a queue and have not been delivered again. */
  waiting = 0;
  readonly settlements: Settlement[] = [];
  /** It was settled by an answer that the broker may not have taken. */
  mayComeAgain = false;

  /** Effects that are under way in the sink. */
  readonly requests: { readonly subject: string; readonly request: number }[] = [];
  /** One entry for each effect that the sink saw. */
  readonly doneBy: string[] = [];
  /** One entry for each effect found afterwards, in a log or by a probe: at an unknown time. */
  readonly loggedBy: string[] = [];
  /** The experiment made it so that nobody can do it. */
  poisoned = false;
  /** Subjects with an effect of a task that the wire had not delivered to them. */
  readonly strangers: string[] = [];
  /** Subjects that acked it while its effect was not known to be done. */
  readonly ackedEarlyBy: string[] = [];

  /** The queues the drain found it in. */
  readonly drainedFrom: string[] = [];
  /** The wire saw it delivered to the drain. */
  handedToDrain = false;

  /** Kept by `Tasks`. */
  outstanding = false;

  constructor(id: string) {
    this.id = id;
  }

  get published(): boolean {
    return this.publishes.length > 0;
  }

  get effects(): number {
    return this.doneBy.length + this.loggedBy.length;
  }

  /** Did the broker store it, as far as any witness can tell? */
  get surfaced(): boolean {
    return this.effects > 0 || this.deliveries > 0 || this.drainedFrom.length > 0;
  }

  /** What its subjects have in hand of it, as far as they know: a forged ack they know nothing of. */
  get inHand(): Delivery[] {
    return [...this.open, ...this.forged.filter(({ answered, loss }) => !answered && !loss)];
  }

  heldBy(subject: string): Delivery[] {
    return this.inHand.filter((delivery) => delivery.subject === subject);
  }

  /** Was its effect found afterwards, done by this subject or by somebody? */
  isLoggedBy(subject: string): boolean {
    return this.loggedBy.includes(subject) || this.loggedBy.includes(EFFECTS);
  }

  isUnderWayBy(subject: string): boolean {
    return this.requests.some((request) => request.subject === subject);
  }

  receive(delivery: Delivery): void {
    this.deliveries++;
    if (this.waiting > 0) this.waiting--;
    this.mayComeAgain = false;
    this.open.push(delivery);
    if (delivery.seen && !this.seenBy.includes(delivery.subject)) {
      this.seenBy.push(delivery.subject);
    }
  }

  /** The delivery reached its end on the wire. */
  settle(delivery: Delivery, settlement: Settlement): void {
    this.#close(delivery);
    this.settlements.push(settlement);
  }

  /** The delivery went back to its queue. */
  requeue(delivery: Delivery): void {
    this.#close(delivery);
    this.waiting++;
  }

  drain(queue: string): void {
    this.drainedFrom.push(queue);
    this.mayComeAgain = false;
    if (this.waiting > 0) this.waiting--;
  }

  #close(delivery: Delivery): void {
    const index = this.open.indexOf(delivery);
    if (index < 0) return;
    this.open.splice(index, 1);
    this.past.push(delivery);
  }

  /**
   * Is an end on the wire still to come? A confirmed publish owes one end; a delivery, whatever
   * became of its publish, owes one too. An end seen too often (an ack that a fault swallowed)
   * hides a debt only until the next delivery shows it.
   */
  owes(): boolean {
    if (this.open.length > 0 || this.waiting > 0 || this.mayComeAgain) return true;
    return this.settlements.length + this.drainedFrom.length < this.confirmations;
  }
}

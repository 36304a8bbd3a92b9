import type { Event } from "../history/event.ts";
import type { Copy } from "./copy.ts";
import type { Delivery, Settlement } from "./delivery.ts";
import { minus, NONE, plus } from "./lists.ts";
import type { Publish } from "./publish.ts";
import { EFFECTS } from "./subjects.ts";

interface Request {
  readonly subject: string;
  readonly request: number;
  /** The delivery that it is most likely for; undefined where the subject has had none. */
  readonly delivery: Delivery | undefined;
}

/** All that the history has said so far about one task. */
export class Task {
  readonly id: string;
  publishes: readonly Publish[] = NONE;
  /** Publishes that the broker confirmed to a client that heard it. */
  confirmations = 0;

  /** Deliveries that have not come to an end. */
  open: readonly Delivery[] = NONE;
  /** Deliveries that have, in that order. */
  past: readonly Delivery[] = NONE;
  /** Deliveries that the link acked in their subject's place: it may believe them open. */
  forged: readonly Delivery[] = NONE;
  /** Every delivery so far, to subjects under test. */
  deliveries = 0;
  /** The subjects whose client saw a delivery of it. */
  seenBy: readonly string[] = NONE;
  /** Copies that went back to a queue and have not been delivered again. */
  waiting = 0;
  settlements: readonly Settlement[] = NONE;
  /** It was settled by an answer that the broker may not have taken. */
  mayComeAgain = false;

  /** Effects that are under way in the sink. */
  requests: readonly Request[] = NONE;
  /** One entry for each effect that the sink saw. */
  doneBy: readonly string[] = NONE;
  /** One entry for each effect found afterwards, in a log or by a probe: at an unknown time. */
  loggedBy: readonly string[] = NONE;
  /** The experiment made it so that nobody can do it. */
  poisoned = false;
  /** Subjects with an effect of a task that the wire had not delivered to them. */
  strangers: readonly string[] = NONE;
  /** Subjects that acked it while its effect was not known to be done. */
  ackedEarlyBy: readonly string[] = NONE;

  /** The queues the drain found it in. */
  drainedFrom: readonly string[] = NONE;
  /** The wire saw it delivered to the drain. */
  handedToDrain = false;

  /** Its copies in queues, or on their way there. Kept by `Ready`. */
  copies: readonly Copy[] = NONE;
  /** What happened to it, as far as anybody has kept it. Kept by `Events`. */
  events: readonly Event[] = NONE;
  /** A witness has contradicted another one about it. */
  odd = false;

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
  get inHand(): readonly Delivery[] {
    if (this.forged.length === 0) return this.open;
    return [...this.open, ...this.forged.filter(({ answered, loss }) => !answered && !loss)];
  }

  heldBy(subject: string): readonly Delivery[] {
    return deliveriesTo(subject, this.inHand);
  }

  /** Deliveries to a subject that have come to their end. */
  pastOf(subject: string): readonly Delivery[] {
    return deliveriesTo(subject, this.past);
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
    this.open = plus(this.open, delivery);
    if (delivery.seen && !this.seenBy.includes(delivery.subject)) {
      this.seenBy = plus(this.seenBy, delivery.subject);
    }
  }

  /** The delivery reached its end on the wire. */
  settle(delivery: Delivery, settlement: Settlement): void {
    this.#close(delivery);
    this.settlements = plus(this.settlements, settlement);
  }

  /** The delivery went back to its queue. */
  requeue(delivery: Delivery): void {
    this.#close(delivery);
    this.waiting++;
  }

  drain(queue: string): void {
    this.drainedFrom = plus(this.drainedFrom, queue);
    this.mayComeAgain = false;
    if (this.waiting > 0) this.waiting--;
  }

  #close(delivery: Delivery): void {
    if (!this.open.includes(delivery)) return;
    this.open = minus(this.open, delivery);
    this.past = plus(this.past, delivery);
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

function deliveriesTo(subject: string, all: readonly Delivery[]): readonly Delivery[] {
  const [first] = all;
  if (first === undefined || (all.length === 1 && first.subject === subject)) return all;
  return all.filter((delivery) => delivery.subject === subject);
}

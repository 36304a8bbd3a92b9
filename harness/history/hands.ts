import { EVERYONE, type Event, type EventOf, type FaultName } from "./event.ts";

/** What happens to a process, and the connection by which one that lost its own is back. */
export type ProcessEvent =
  | EventOf<"fault-injected">
  | EventOf<"process-signalled">
  | EventOf<"process-exited">
  | EventOf<"connection-opened">;

/** Faults of the broker strike whoever has a task in hand. */
const OF_BROKER: readonly string[] = [EVERYONE, "broker"];
/** Their target is the name of a node. */
const OF_NODE: readonly FaultName[] = ["node-stop", "node-kill", "partition", "upgrade"];

/**
 * Why a subject counts as having the task in hand: it was sent and is not settled, its effect is
 * asked for and not answered, or it was struck and nothing has shown since that it goes on.
 */
interface Hand {
  isSent: boolean;
  isAutomatic: boolean;
  isAsked: boolean;
  isStruck: boolean;
  /** Its channel has ended: with a new connection it begins anew. */
  isCut: boolean;
}

const EMPTY: Hand = {
  isSent: false,
  isAutomatic: false,
  isAsked: false,
  isStruck: false,
  isCut: false,
};

/** Follows who has one task in hand, for the strikes that its own events do not name. */
export class Hands {
  readonly #bySubject = new Map<string, Hand>();

  /** An event of the task's own life. */
  see(event: Event): void {
    switch (event.type) {
      case "delivered":
        if (!event.dropped) this.#sent(event);
        break;
      case "acked":
      case "rejected":
        if (!event.dropped) this.#settled(event);
        break;
      case "effect-requested":
        this.#set(event.subject, { isAsked: true });
        break;
      case "effect-abandoned":
        this.#set(event.subject, { isAsked: false });
        break;
      case "effect-done":
      case "effect-repeated":
      case "effect-refused":
        this.#answered(event.subject);
        break;
      case "channel-closed":
      case "connection-closed":
        this.#set(event.subject, { isCut: true });
        break;
      case "fault-injected":
        this.#set(event.target, { isStruck: true });
        break;
    }
  }

  /** Does this, which does not name the task, strike one that has it in hand? */
  isStruckBy(event: ProcessEvent): boolean {
    if (event.type === "fault-injected") return this.#isStruckByFault(event);
    const { subject } = event;
    const hand = this.#bySubject.get(subject);
    if (hand === undefined) return false;
    if (event.type === "connection-opened") {
      if (hand.isCut) this.#set(subject, { isSent: false, isStruck: false, isCut: false });
      return false;
    }
    if (event.type === "process-exited") this.#bySubject.delete(subject);
    else hand.isStruck = true;
    return true;
  }

  #isStruckByFault({ fault, target }: EventOf<"fault-injected">): boolean {
    if (OF_BROKER.includes(target) || OF_NODE.includes(fault)) {
      return this.#bySubject.values().some(({ isSent, isAsked }) => isSent || isAsked);
    }
    const hand = this.#bySubject.get(target);
    if (hand) hand.isStruck = true;
    return hand !== undefined;
  }

  #sent({ subject, noAck: isAutomatic }: EventOf<"delivered">): void {
    this.#set(subject, { isSent: true, isAutomatic, isCut: false });
  }

  /** It is settled for those as well that it was taken from. */
  #settled({ subject }: EventOf<"acked"> | EventOf<"rejected">): void {
    this.#set(subject, { isSent: false, isStruck: false });
    for (const [other, { isCut }] of this.#bySubject) {
      if (isCut) this.#set(other, { isSent: false, isStruck: false });
    }
  }

  #answered(subject: string): void {
    const isAutomatic = this.#bySubject.get(subject)?.isAutomatic === true;
    const settled = isAutomatic ? { isSent: false } : {};
    this.#set(subject, { isAsked: false, isStruck: false, ...settled });
  }

  #set(subject: string, change: Partial<Hand>): void {
    const hand = { ...EMPTY, ...this.#bySubject.get(subject), ...change };
    if (hand.isSent || hand.isAsked || hand.isStruck) this.#bySubject.set(subject, hand);
    else this.#bySubject.delete(subject);
  }
}

export function isOfProcess(event: Event): event is ProcessEvent {
  return (
    event.type === "fault-injected" ||
    event.type === "process-signalled" ||
    event.type === "process-exited" ||
    event.type === "connection-opened"
  );
}

/**
 * The events of a task's own life with what struck those who had it in hand.
 *
 * @param struck what happened to processes, in the order of the history; any that names the task is
 * in its life already.
 */
export function withStrikes(own: readonly Event[], struck: readonly ProcessEvent[]): Event[] {
  const hands = new Hands();
  const life: Event[] = [];
  let next = 0;
  const upTo = (seq: number) => {
    for (let event = struck[next]; event && event.seq <= seq; event = struck[++next]) {
      if (event.seq < seq && hands.isStruckBy(event)) life.push(event);
    }
  };
  for (const event of own) {
    upTo(event.seq);
    life.push(event);
    hands.see(event);
  }
  if (own.length > 0) upTo(Number.POSITIVE_INFINITY);
  return life;
}

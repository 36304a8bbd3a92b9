import type {
  Event,
  EventOf,
  Fact,
  FaultName,
  Holdable,
  Moment,
} from "../../../harness/history/event.ts";
import { PUBLISHER } from "../../../harness/ledger/subjects.ts";

/** The parts of an event that a story may want otherwise. */
type But<T extends Fact["type"]> = Partial<EventOf<T>>;

interface Place {
  subject: string;
  connection: number;
  channel: number;
}

/**
 * Writes a history as a story: who publishes, delivers, does and acks which task. Tags, numbers
 * and connections follow by themselves; each event comes 1 ms after the one before.
 */
export class Story {
  readonly events: Event[] = [];
  readonly #places = new Map<string, Place>();
  readonly #deliveryTags = new Map<string, number>();
  readonly #publishTags = new Map<string, number>();
  readonly #lastTags = new Map<string, number>();
  readonly #requests = new Map<string, number>();
  #passed = 0;

  /** Any fact, for what has no verb of its own. */
  tells(fact: Fact): this {
    const number = this.events.length + 1;
    this.events.push({ seq: number, at: number + this.#passed, ...fact });
    return this;
  }

  /** Nothing happens for so many milliseconds more. */
  waits(milliseconds: number): this {
    this.#passed += milliseconds;
    return this;
  }

  declares(queue = "tasks", but: But<"queue-declared"> = {}): this {
    const usual = { role: "work", durable: true, queueType: "classic" } as const;
    return this.tells({ type: "queue-declared", queue, discards: [], ...usual, ...but });
  }

  publishes(task: string | null, but: But<"published"> & { subject?: string } = {}): this {
    const where = this.at(but.subject ?? PUBLISHER);
    const tag = next(this.#publishTags, key(where));
    this.#lastTags.set(`publish ${task}`, tag);
    const usual = { exchange: "", routingKey: "tasks", persistent: true, mandatory: true };
    return this.tells({ type: "published", task, tag, ...usual, ...where, ...but });
  }

  confirms(task: string | null, but: But<"publish-confirmed"> = {}): this {
    return this.tells({ type: "publish-confirmed", ...this.#answer(task, but.subject), ...but });
  }

  refuses(task: string | null, but: But<"publish-refused"> = {}): this {
    return this.tells({ type: "publish-refused", ...this.#answer(task, but.subject), ...but });
  }

  returns(task: string, but: But<"publish-returned"> = {}): this {
    const where = this.at(but.subject ?? PUBLISHER);
    const usual = { code: 312, text: "NO_ROUTE" };
    return this.tells({ type: "publish-returned", task, ...usual, ...where, ...but });
  }

  /** Published by the harness, and confirmed. */
  stores(...tasks: string[]): this {
    for (const task of tasks) this.publishes(task).confirms(task);
    return this;
  }

  consumes(subject: string, but: But<"consuming"> = {}): this {
    const usual = { consumer: "ctag", queue: "tasks", noAck: false, prefetch: 1 };
    return this.tells({ type: "consuming", ...usual, ...this.at(subject), ...but });
  }

  delivers(task: string | null, subject: string, but: But<"delivered"> = {}): this {
    const where = this.at(subject);
    const tag = next(this.#deliveryTags, key(where));
    this.#lastTags.set(`${key(where)} ${task}`, tag);
    const usual = { redelivered: false, noAck: false, queue: "tasks", consumer: "ctag" };
    return this.tells({ type: "delivered", task, tag, ...usual, ...where, ...but });
  }

  acks(subject: string, task: string | null, but: But<"acked"> = {}): this {
    const where = this.at(subject);
    const tag = this.#lastTags.get(`${key(where)} ${task}`) ?? 99;
    return this.tells({ type: "acked", tasks: [task], tag, multiple: false, ...where, ...but });
  }

  rejects(subject: string, task: string, but: But<"rejected"> = {}): this {
    const where = this.at(subject);
    const tag = this.#lastTags.get(`${key(where)} ${task}`) ?? 99;
    const usual = { tasks: [task], tag, multiple: false, requeue: false };
    return this.tells({ type: "rejected", ...usual, ...where, ...but });
  }

  asks(subject: string, task: string): this {
    const request = next(this.#requests, "all");
    this.#lastTags.set(`effect ${subject} ${task}`, request);
    return this.tells({ type: "effect-requested", subject, task, request });
  }

  finishes(subject: string, task: string): this {
    const request = this.#lastTags.get(`effect ${subject} ${task}`) ?? 99;
    return this.tells({ type: "effect-done", subject, task, request });
  }

  abandons(subject: string, task: string): this {
    const request = this.#lastTags.get(`effect ${subject} ${task}`) ?? 99;
    return this.tells({ type: "effect-abandoned", subject, task, request });
  }

  /** Asks for the effect and gets it. */
  does(subject: string, task: string): this {
    return this.asks(subject, task).finishes(subject, task);
  }

  /** Asks again under a key that the sink knows. */
  repeats(subject: string, task: string): this {
    const { request } = this.asks(subject, task).#last();
    return this.tells({ type: "effect-repeated", subject, task, request });
  }

  /** Asks for what can't be done; of another status, for what failed for a moment. */
  fails(subject: string, task: string, status = 422): this {
    const { request } = this.asks(subject, task).#last();
    return this.tells({ type: "effect-refused", subject, task, request, status });
  }

  poisons(task: string): this {
    return this.tells({ type: "task-poisoned", task });
  }

  /** The link acks the task in the subject's place. */
  forges(subject: string, task: string): this {
    const where = this.at(subject);
    const tag = this.#lastTags.get(`${key(where)} ${task}`) ?? 99;
    return this.tells({ type: "ack-forged", task, tag, ...where });
  }

  connects(subject: string): this {
    const { connection } = this.at(subject);
    return this.tells({ type: "connection-opened", subject, connection });
  }

  /** The broker cancels its consumer. */
  cancels(subject: string, by: "client" | "broker" = "broker"): this {
    const consumer = { type: "consumer-cancelled", consumer: "ctag", by } as const;
    return this.tells({ ...consumer, ...this.at(subject) });
  }

  signals(subject: string, signal: string, pid = 1): this {
    return this.tells({ type: "process-signalled", subject, pid, signal });
  }

  logs(subject: string, task: string): this {
    return this.tells({ type: "effect-logged", subject, task });
  }

  /** A correct worker's whole way with a task. */
  works(subject: string, ...tasks: string[]): this {
    for (const task of tasks) this.delivers(task, subject).does(subject, task).acks(subject, task);
    return this;
  }

  holds(what: Holdable, task: string, subject: string, hold = 1): this {
    return this.tells({ type: "held", what, tasks: [task], hold, ...this.at(subject) });
  }

  endsHold(subject: string, outcome: "forwarded" | "dropped" = "dropped", hold = 1): this {
    return this.tells({ type: "hold-ended", hold, outcome, ...this.at(subject) });
  }

  /** Ends the subject's connection without a farewell, unless told otherwise. */
  hangsUp(subject: string, but: But<"connection-closed"> = {}): this {
    const { connection } = this.at(subject);
    const usual = { by: "client", clean: false } as const;
    this.tells({ type: "connection-closed", subject, connection, ...usual, ...but });
    this.#places.delete(subject);
    return this;
  }

  closesChannel(subject: string, but: But<"channel-closed"> = {}): this {
    const usual = { by: "client", code: 200, text: "Goodbye" } as const;
    return this.tells({ type: "channel-closed", ...usual, ...this.at(subject), ...but });
  }

  starts(subject: string, pid = 1): this {
    return this.tells({ type: "process-started", subject, pid, command: ["worker"] });
  }

  /** The harness kills it, and it dies. */
  dies(subject: string, pid = 1): this {
    const kill = { subject, pid, signal: "SIGKILL" };
    return this.tells({ type: "process-signalled", ...kill }).exits(subject, { pid });
  }

  exits(subject: string, but: But<"process-exited"> = {}): this {
    const usual = { pid: 1, code: null, signal: "SIGKILL" };
    return this.tells({ type: "process-exited", subject, ...usual, ...but });
  }

  injects(fault: FaultName, target: string, moment: Moment = "now", task?: string): this {
    const usual = { injection: 1, task: task ?? null };
    return this.tells({ type: "fault-injected", fault, target, moment, ...usual });
  }

  witnesses(fault: FaultName): this {
    return this.tells({ type: "fault-witnessed", fault, injection: 1, evidence: "seen" });
  }

  brokerUp(boot: string): this {
    return this.tells({ type: "broker-up", boot, version: "4.3.6" });
  }

  brokerDown(boot: string, but: But<"broker-down"> = {}): this {
    return this.tells({ type: "broker-down", boot, exitCode: 137, clean: false, ...but });
  }

  /** The drain finds these tasks, and then no more. */
  drains(queue = "tasks", ...tasks: (string | null)[]): this {
    for (const task of tasks) this.tells({ type: "drained", queue, task, redelivered: false });
    return this.tells({ type: "drain-finished", queue, found: tasks.length, gone: false });
  }

  /** Where the subject speaks: a new connection after it has hung up. */
  at(subject: string): Place {
    const known = this.#places.get(subject);
    if (known) return known;
    const place = { subject, connection: next(this.#requests, "connections"), channel: 1 };
    this.#places.set(subject, place);
    return place;
  }

  #last(): { request: number } {
    const event = this.events.at(-1);
    return { request: event?.type === "effect-requested" ? event.request : 99 };
  }

  #answer(task: string | null, subject = PUBLISHER) {
    const tag = this.#lastTags.get(`publish ${task}`) ?? 99;
    return { tasks: [task], tag, multiple: false, ...this.at(subject) };
  }
}

/** A story in which the queue "tasks" is declared. */
export function story(): Story {
  return new Story().declares();
}

function key({ connection, channel }: Place): string {
  return `${connection}/${channel}`;
}

function next(counts: Map<string, number>, name: string): number {
  const value = (counts.get(name) ?? 0) + 1;
  counts.set(name, value);
  return value;
}

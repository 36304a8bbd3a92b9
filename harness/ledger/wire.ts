import { EVERYONE, type EventOf, type FaultName } from "../history/event.ts";
import { answer, endAutomatic, isSameTasks } from "./answers.ts";
import { Channel } from "./channel.ts";
import type { Contradictions } from "./contradictions.ts";
import { type Delivery, settlementOf } from "./delivery.ts";
import type { Reader, Readings } from "./reading.ts";
import { DRAIN, underTest } from "./subjects.ts";
import type { Sums } from "./sums.ts";
import type { Tasks } from "./tasks.ts";

interface Connection {
  readonly subject: string;
  readonly channels: Map<number, Channel>;
  closed: boolean;
}

/** Faults whose target is one node of the broker. */
const ON_NODES: readonly FaultName[] = ["node-kill", "node-stop", "partition"];

/** Follows each delivery to its end: acked, rejected, or back in its queue. */
export class Wire implements Reader {
  readonly #tasks: Tasks;
  readonly #sums: Sums;
  readonly #contradictions: Contradictions;
  readonly #connections = new Map<number, Connection>();
  /** Where the last fault on each target stands in the history. */
  readonly #faults = new Map<string, number>();
  /** Tasks whose effect a subject did, and whose channel it then ended without an answer. */
  readonly #unanswered = new Map<string, Set<string>>();

  constructor(tasks: Tasks, sums: Sums, contradictions: Contradictions) {
    this.#tasks = tasks;
    this.#sums = sums;
    this.#contradictions = contradictions;
  }

  readonly reads: Readings = {
    "channel-opened": (event) => {
      this.#connection(event).channels.set(event.channel, new Channel(event));
    },
    "transactions-selected": ({ subject }) => {
      this.#sums.transactional.add(subject);
    },
    delivered: (event) => this.#delivered(event),
    held: (event) => this.#held(event),
    acked: (event) => this.#answered(event),
    rejected: (event) => this.#answered(event),
    "channel-closed": (event) => {
      this.#end(this.channel(event), event.by === "client", event.by, event.seq);
    },
    "connection-closed": (event) => this.#connectionClosed(event),
    "consumer-cancelled": (event) => {
      if (event.by === "broker") this.channel(event).mayHaveSwallowed = true;
    },
    "process-exited": (event) => this.#processExited(event),
    "fault-injected": ({ fault, target, seq }) => {
      // Which subjects a node's end has struck depends on who is connected to it, or to its queues.
      this.#faults.set(ON_NODES.includes(fault) ? "broker" : target, seq);
    },
  };

  /** The channel at this place; one whose opening the history does not tell counts as open. */
  channel(place: { subject: string; connection: number; channel: number }): Channel {
    const { channels } = this.#connection(place);
    const known = channels.get(place.channel);
    if (known) return known;
    const channel = new Channel(place);
    channels.set(place.channel, channel);
    return channel;
  }

  /** Is any delivery, acked or automatic, still to come to its end at this subject? */
  isBusy(subject: string): boolean {
    return this.#channelsOf(subject).some((one) => one.unacked.size > 0 || one.automatic.size > 0);
  }

  /**
   * By subject, the tasks whose effect it did without ever answering the delivery, though no
   * fault kept it from doing so.
   */
  neverAcked(): Map<string, Set<string>> {
    const found = new Map([...this.#unanswered].map(([subject, ids]) => [subject, new Set(ids)]));
    for (const { channels } of this.#connections.values()) {
      for (const channel of channels.values()) {
        for (const delivery of channel.unacked.values()) {
          if (this.#isUnanswered(delivery)) noteUnder(found, delivery);
        }
      }
    }
    return found;
  }

  #connection(place: { subject: string; connection: number }): Connection {
    const known = this.#connections.get(place.connection);
    if (known) return known;
    const connection = { subject: place.subject, channels: new Map(), closed: false };
    this.#connections.set(place.connection, connection);
    return connection;
  }

  #channelsOf(subject: string): Channel[] {
    return [...this.#connections.values()]
      .filter((connection) => connection.subject === subject)
      .flatMap((connection) => [...connection.channels.values()]);
  }

  #delivered(event: EventOf<"delivered">): void {
    if (event.subject === DRAIN) {
      if (event.task !== null) this.#tasks.named(event.task).handedToDrain = true;
      return;
    }
    if (this.#connection(event).closed) {
      this.#contradictions.add("delivered-after-close", event.subject, event.task);
    }
    this.#sums.delivered++;
    if (event.task === null) this.#sums.unidentified.delivered++;

    const delivery = this.#deliveryFrom(event);
    if (event.noAck) delivery.channel.automatic.add(delivery);
    else delivery.channel.unacked.set(delivery.tag, delivery);
    if (delivery.task === null) return;
    delivery.task.receive(delivery);
    this.#tasks.review(delivery.task);
  }

  #deliveryFrom(event: EventOf<"delivered">): Delivery {
    const { subject, queue, tag, seq } = event;
    const task = event.task === null ? null : this.#tasks.named(event.task);
    const seen = event.dropped !== true;
    const channel = this.channel(event);
    const news = { requested: false, done: false, answered: false, early: false };
    return { task, subject, queue, channel, tag, seq, seen, ...news };
  }

  /** A held ack was sent when the hold began, though the broker may get it later, or never. */
  #held(event: EventOf<"held">): void {
    if (event.what !== "ack" && event.what !== "reject") return;
    const channel = this.channel(event);
    for (const id of event.tasks) {
      const task = id === null ? undefined : this.#tasks.find(id);
      for (const delivery of task?.open ?? []) {
        if (delivery.channel === channel) answer(delivery, event.what === "ack");
      }
    }
  }

  #answered(event: EventOf<"acked"> | EventOf<"rejected">): void {
    if (event.subject === DRAIN) return;
    const channel = this.channel(event);
    const named = channel.namedBy(event.tag, event.multiple);
    if (!channel.closed && !isSameTasks(named, event.tasks)) {
      this.#contradictions.add("wrong-answer", event.subject);
    }
    for (const delivery of named) {
      answer(delivery, event.type === "acked");
      if (event.dropped !== true) this.#settle(delivery, event);
    }
  }

  #settle(delivery: Delivery, event: EventOf<"acked"> | EventOf<"rejected">): void {
    const { task, channel, subject } = delivery;
    channel.unacked.delete(delivery.tag);
    if (task === null) return;
    if (event.type === "acked" && delivery.early) task.ackedEarlyBy.push(subject);
    if (event.type === "rejected" && event.requeue) task.requeue(delivery);
    else task.settle(delivery, settlementOf(delivery, event.type, event.seq));
    this.#tasks.review(task);
  }

  #connectionClosed(event: EventOf<"connection-closed">): void {
    const connection = this.#connection(event);
    connection.closed = true;
    const orderly = event.clean && event.by === "client";
    for (const channel of connection.channels.values()) {
      this.#end(channel, orderly, event.by, event.seq);
    }
  }

  #end(channel: Channel, orderly: boolean, by: "client" | "broker" | "link", seq: number): void {
    if (!channel.closed && !orderly) channel.mayHaveSwallowed = true;
    channel.closed = true;
    for (const delivery of channel.unacked.values()) {
      if (by !== "broker" && this.#isUnanswered(delivery)) noteUnder(this.#unanswered, delivery);
      if (delivery.task === null) continue;
      delivery.task.requeue(delivery);
      this.#tasks.review(delivery.task);
    }
    channel.unacked.clear();
    this.#endAutomatic(channel, seq);
  }

  #processExited(event: EventOf<"process-exited">): void {
    for (const channel of this.#channelsOf(event.subject)) this.#endAutomatic(channel, event.seq);
  }

  /** With automatic acks nothing goes back: what was sent is gone. */
  #endAutomatic(channel: Channel, seq: number): void {
    for (const delivery of channel.automatic) endAutomatic(delivery, this.#tasks, seq);
    channel.automatic.clear();
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

import type { EventOf } from "../history/event.ts";
import { answer, endAutomatic, isSameTasks } from "./answers.ts";
import { Channel } from "./channel.ts";
import type { Contradictions } from "./contradictions.ts";
import { type Delivery, type Loss, settlementOf } from "./delivery.ts";
import { plus } from "./lists.ts";
import type { Reader, Readings } from "./reading.ts";
import { DRAIN } from "./subjects.ts";
import type { Sums } from "./sums.ts";
import type { Tasks } from "./tasks.ts";
import { Unanswered } from "./unanswered.ts";

interface Connection {
  readonly subject: string;
  readonly channels: Map<number, Channel>;
  closed: boolean;
}

/** Follows each delivery to its end: acked, rejected, or back in its queue. */
export class Wire implements Reader {
  readonly #tasks: Tasks;
  readonly #sums: Sums;
  readonly #contradictions: Contradictions;
  readonly #connections = new Map<number, Connection>();
  readonly #unanswered = new Unanswered();
  /** The last one to a subject under test. */
  latest: Delivery | null = null;

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
    "ack-forged": (event) => this.#forged(event),
    "channel-closed": (event) => {
      const { by, at, seq } = event;
      this.#end(this.channel(event), { how: "channel", by, clean: by === "client", at }, seq);
    },
    "connection-closed": (event) => this.#connectionClosed(event),
    consuming: (event) => {
      this.channel(event).cancelled.delete(event.consumer);
    },
    "consumer-cancelled": (event) => {
      if (event.by !== "broker") return;
      const channel = this.channel(event);
      channel.mayHaveSwallowed = true;
      channel.cancelled.add(event.consumer);
      for (const delivery of channel.unacked.values()) delivery.revoked = true;
    },
    "process-exited": (event) => this.#processExited(event),
    "fault-injected": (event) => this.#unanswered.struck(event),
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
    return this.channelsOf(subject).some(
      (one) => one.unacked.size > 0 || one.automatic.size > 0 || isHoldingForged(one),
    );
  }

  /** All channels that a subject has opened so far. */
  channelsOf(subject: string): Channel[] {
    return [...this.#connections.values()]
      .filter((connection) => connection.subject === subject)
      .flatMap((connection) => [...connection.channels.values()]);
  }

  /** The channels of a connection that have been opened so far, closed ones among them. */
  channelsOn(connection: number): Iterable<Channel> {
    return this.#connections.get(connection)?.channels.values() ?? [];
  }

  /**
   * By subject, the tasks whose effect it did without ever answering the delivery, though no
   * fault kept it from doing so.
   */
  neverAcked(): Map<string, Set<string>> {
    const channels = [...this.#connections.values()].flatMap((one) => [...one.channels.values()]);
    return this.#unanswered.with(channels.flatMap((channel) => [...channel.unacked.values()]));
  }

  #connection(place: { subject: string; connection: number }): Connection {
    const known = this.#connections.get(place.connection);
    if (known) return known;
    const connection = { subject: place.subject, channels: new Map(), closed: false };
    this.#connections.set(place.connection, connection);
    return connection;
  }

  #delivered(event: EventOf<"delivered">): void {
    this.latest = null;
    if (event.subject === DRAIN) {
      if (event.task !== null) this.#tasks.named(event.task).handedToDrain = true;
      return;
    }
    if (this.#connection(event).closed) {
      this.#contradictions.add("delivered-after-close", event.subject, event.task);
      if (event.task !== null) this.#tasks.named(event.task).odd = true;
    }
    this.#sums.delivered++;
    if (event.task === null) this.#sums.unidentified.delivered++;

    const delivery = this.#deliveryFrom(event);
    this.latest = delivery;
    if (event.noAck) delivery.channel.automatic.add(delivery);
    else delivery.channel.unacked.set(delivery.tag, delivery);
    delivery.task?.receive(delivery);
    if (delivery.task !== null) this.#tasks.review(delivery.task);
    if (delivery.channel.closed) this.#cameTooLate(delivery, event);
  }

  /** What is sent on a channel that has ended has no answer: the broker has taken it back already. */
  #cameTooLate({ channel }: Delivery, { at, seq }: EventOf<"delivered">): void {
    this.#end(channel, { how: "channel", by: "broker", clean: false, at }, seq);
  }

  #deliveryFrom(event: EventOf<"delivered">): Delivery {
    const { subject, queue, tag, seq } = event;
    const task = event.task === null ? null : this.#tasks.named(event.task);
    const channel = this.channel(event);
    const isForNobody = event.consumer !== null && channel.cancelled.has(event.consumer);
    const dropped = event.dropped === true;
    if (tag > channel.lastTag) channel.lastTag = tag;
    return {
      task,
      subject,
      queue,
      channel,
      tag,
      seq,
      dropped,
      seen: !dropped && !isForNobody,
      requested: false,
      done: false,
      effects: 0,
      answered: false,
      sent: false,
      early: false,
      revoked: false,
      loss: null,
    };
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
    const forged = channel.forged.get(event.tag);
    if (forged) answer(forged, event.type === "acked");
    else if (!channel.closed && !isSameTasks(named, event.tasks)) {
      this.#contradictions.add("wrong-answer", event.subject);
      this.#doubt(named, event.tasks);
    }
    const isForAll = event.multiple && event.tag === 0;
    if (named.length === 0 && !forged && !isForAll) channel.isDoomed = true;
    if (forged) forged.sent = true;
    for (const delivery of named) {
      answer(delivery, event.type === "acked");
      delivery.sent = true;
      if (event.dropped !== true) this.#settle(delivery, event);
    }
  }

  /** Nobody can tell what became of tasks whose answer is wrong. */
  #doubt(named: readonly Delivery[], ids: readonly (string | null)[]): void {
    for (const { task } of named) if (task !== null) task.odd = true;
    for (const id of ids) {
      const task = id === null ? undefined : this.#tasks.find(id);
      if (task) task.odd = true;
    }
  }

  /** The broker has its ack, and the subject, which sent none, still has the task in hand. */
  #forged(event: EventOf<"ack-forged">): void {
    const channel = this.channel(event);
    const delivery = channel.unacked.get(event.tag);
    if (delivery === undefined) return;
    channel.unacked.delete(event.tag);
    channel.forged.set(event.tag, delivery);
    if (delivery.task === null) return;
    delivery.task.forged = plus(delivery.task.forged, delivery);
    delivery.task.settle(delivery, settlementOf(delivery, "forged", event.seq));
    this.#tasks.review(delivery.task);
  }

  #settle(delivery: Delivery, event: EventOf<"acked"> | EventOf<"rejected">): void {
    const { task, channel, subject } = delivery;
    channel.unacked.delete(delivery.tag);
    if (task === null) return;
    if (event.type === "acked" && delivery.early) {
      task.ackedEarlyBy = plus(task.ackedEarlyBy, subject);
    }
    if (event.type === "rejected" && event.requeue) {
      delivery.loss = { how: "requeued", by: "client", clean: true, at: event.at };
      task.requeue(delivery);
    } else {
      task.settle(delivery, settlementOf(delivery, event.type, event.seq));
      task.mayComeAgain = delivery.revoked || channel.isDoomed;
    }
    this.#tasks.review(task);
  }

  #connectionClosed(event: EventOf<"connection-closed">): void {
    const connection = this.#connection(event);
    connection.closed = true;
    const { by, clean, at, seq } = event;
    for (const channel of connection.channels.values()) {
      this.#end(channel, { how: "connection", by, clean, at }, seq);
    }
  }

  #end(channel: Channel, loss: Loss, seq: number): void {
    const isOrderly = loss.clean && loss.by === "client";
    if (!channel.closed && !isOrderly) channel.mayHaveSwallowed = true;
    channel.closed = true;
    for (const delivery of channel.forged.values()) delivery.loss ??= loss;
    for (const delivery of channel.unacked.values()) {
      if (loss.by !== "broker") this.#unanswered.note(delivery);
      delivery.loss = loss;
      if (delivery.task === null) continue;
      delivery.task.requeue(delivery);
      this.#tasks.review(delivery.task);
    }
    channel.unacked.clear();
    this.#endAutomatic(channel, seq);
  }

  #processExited(event: EventOf<"process-exited">): void {
    for (const channel of this.channelsOf(event.subject)) this.#endAutomatic(channel, event.seq);
  }

  /** With automatic acks nothing goes back: what was sent is gone. */
  #endAutomatic(channel: Channel, seq: number): void {
    for (const delivery of channel.automatic) endAutomatic(delivery, this.#tasks, seq);
    channel.automatic.clear();
  }
}

function isHoldingForged({ forged, closed }: Channel): boolean {
  return !closed && [...forged.values()].some(({ answered }) => !answered);
}

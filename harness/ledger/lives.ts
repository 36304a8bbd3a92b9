import type { EventOf } from "../history/event.ts";
import type { Delivery } from "./delivery.ts";
import { Notice } from "./notice.ts";
import type { Reader, Readings } from "./reading.ts";
import type { Wire } from "./wire.ts";

/** One process of a subject, from its start to its end. */
export interface Life {
  readonly subject: string;
  readonly pid: number;
  /** Where its start stands in the history. */
  readonly since: number;
  /** The signals that the harness sent it, in order. */
  readonly signals: Signal[];
  exit: EventOf<"process-exited"> | null;
  /** The times that a fault asked it to end. */
  readonly notices: Notice[];
}

export interface Signal extends EventOf<"process-signalled"> {
  /** The process had a connection then. */
  readonly isConnected: boolean;
}

/** A process that runs, and what it has done so far. */
interface Running {
  readonly life: Life;
  readonly connections: Set<number>;
  /** The limits of its consumers together. */
  limit: number;
  /** Tasks that it was sent, and saw; and those that it has answered. */
  sent: number;
  answered: number;
  /** Where in the history faults stand that are about to ask it to end. */
  readonly asking: number[];
}

/** Milliseconds between the end of a process and that of its connections, at most. */
const SAME_END = 1_000;

/** Signals after which a process that ends has not ended by itself. */
export function isToEnd(signal: string): boolean {
  return signal !== "SIGSTOP" && signal !== "SIGCONT";
}

/** The process with which a delivery was lost, if it was its end that took the connection. */
export function endedWith({ loss, seq, subject }: Delivery, lives: readonly Life[]): Life | null {
  if (loss?.how !== "connection" || loss.by !== "client" || loss.clean) return null;
  const life = lives.findLast((one) => one.subject === subject && one.since < seq);
  if (!life?.exit || Math.abs(life.exit.at - loss.at) > SAME_END) return null;
  return life;
}

/** Follows the processes of all subjects. It has to see each event after the wire. */
export class Lives implements Reader {
  /** In the order of their starts. */
  readonly all: Life[] = [];
  readonly #wire: Wire;
  readonly #running = new Map<string, Running>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  readonly reads: Readings = {
    "process-started": ({ subject, pid, seq: since }) => {
      const life: Life = { subject, pid, since, signals: [], exit: null, notices: [] };
      this.all.push(life);
      const nothing = { limit: 0, sent: 0, answered: 0 };
      this.#running.set(subject, { life, connections: new Set(), asking: [], ...nothing });
    },
    "fault-injected": ({ fault, target, seq }) => {
      if (fault === "worker-term") this.#running.get(target)?.asking.push(seq);
    },
    "process-signalled": (event) => this.#signalled(event),
    "process-exited": (event) => {
      const life = this.#running.get(event.subject)?.life;
      if (life?.pid !== event.pid) return;
      life.exit = event;
      this.#running.delete(event.subject);
    },
    "connection-opened": ({ subject, connection }) => {
      this.#running.get(subject)?.connections.add(connection);
    },
    "connection-closed": ({ subject, connection }) => {
      const running = this.#running.get(subject);
      if (running === undefined) return;
      running.connections.delete(connection);
      running.limit = 0;
    },
    "channel-closed": ({ subject }) => {
      const running = this.#running.get(subject);
      if (running) running.limit = 0;
    },
    consuming: ({ subject, noAck, prefetch }) => {
      const running = this.#running.get(subject);
      if (running) running.limit += noAck || prefetch === 0 ? Number.POSITIVE_INFINITY : prefetch;
    },
    delivered: (event) => this.#delivered(event),
    acked: (event) => this.#answered(event),
    rejected: (event) => this.#answered(event),
  };

  #signalled(event: EventOf<"process-signalled">): void {
    const running = this.#running.get(event.subject);
    if (running?.life.pid !== event.pid) return;
    const { life, connections, limit, sent, answered } = running;
    life.signals.push({ ...event, isConnected: connections.size > 0 });
    if (event.signal !== "SIGTERM") return;
    const room = Math.max(0, limit - Math.max(0, sent - answered));
    const faults = running.asking.splice(0);
    for (const fault of faults) life.notices.push(new Notice(event, fault, room));
  }

  #delivered({ subject, at }: EventOf<"delivered">): void {
    const running = this.#running.get(subject);
    const delivery = this.#wire.latest;
    if (running === undefined || !delivery?.seen || delivery.task === null) return;
    running.sent++;
    for (const notice of running.life.notices) notice.delivered(delivery, at);
  }

  #answered({ subject, tasks }: EventOf<"acked"> | EventOf<"rejected">): void {
    const running = this.#running.get(subject);
    if (running === undefined) return;
    running.answered += tasks.length;
    for (const notice of running.life.notices) notice.answered(tasks);
  }
}

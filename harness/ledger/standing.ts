import type { Event, EventOf, FaultName } from "../history/event.ts";
import { isDrain } from "./availability.ts";
import { isToEnd } from "./lives.ts";
import { Dispatch, type Reader, type Readings } from "./reading.ts";
import { underTest } from "./subjects.ts";
import { tagsNamed } from "./tags.ts";

/** A program that was alive when the experiment ended, and that nobody had asked to end. */
export interface Standing {
  readonly subject: string;
  readonly connections: number;
  readonly consumers: number;
  /** How it came to be without a consumer, in words. */
  readonly loss: string;
  /** An effect that it has asked for is under way. */
  readonly isWorking: boolean;
  /** The tasks that it was sent and has not answered. */
  readonly inHand: ReadonlySet<string>;
  /** Milliseconds since it did anything that a witness saw. */
  readonly silence: number;
}

/** Faults that end a process by a signal. */
const ENDING: readonly FaultName[] = ["worker-kill", "producer-kill", "worker-term", "early-ack"];

/**
 * Who stood when the experiment ended: before the harness began to stop the subjects, or to drain.
 * What a fault did to a process, or a stop before a last fault or start, was part of the story.
 */
export function standingAtTheEnd(events: readonly Event[]): Standing[] {
  const presence = new Presence();
  const dispatch = new Dispatch([presence]);
  const end = endOf(events);
  for (const event of events.slice(0, end)) {
    presence.sees(event);
    dispatch.send(event);
  }
  return presence.standing(events[end]?.at ?? events.at(-1)?.at ?? 0);
}

function endOf(events: readonly Event[]): number {
  const lastAct = events.findLastIndex(
    ({ type }) => type === "process-started" || type === "fault-injected",
  );
  const struck = new Set<string>();
  const end = events.findIndex((event, index) => {
    if (event.type === "fault-injected" && ENDING.includes(event.fault)) struck.add(event.target);
    if (event.type === "process-exited") struck.delete(event.subject);
    const isStop =
      event.type === "process-signalled" && isToEnd(event.signal) && !struck.has(event.subject);
    return index > lastAct && (isStop || isDrain(event));
  });
  return end === -1 ? events.length : end;
}

interface Program {
  isReady: boolean;
  loss: string;
  lastSign: number;
  readonly requests: Set<number>;
}

interface Channel {
  readonly subject: string;
  readonly connection: number;
  readonly consumers: Set<string>;
  readonly unacked: Map<number, string | null>;
}

/** Follows who runs, who is connected, who consumes, and what they have in hand. */
class Presence implements Reader {
  readonly #programs = new Map<string, Program>();
  /** Open connections, each with its subject. */
  readonly #connections = new Map<number, string>();
  readonly #channels = new Map<string, Channel>();

  readonly reads: Readings = {
    "process-started": ({ subject, at }) => {
      const news = { isReady: true, loss: "it never had one", lastSign: at };
      this.#programs.set(subject, { ...news, requests: new Set() });
    },
    "process-signalled": ({ subject, signal }) => {
      const program = this.#programs.get(subject);
      if (program && signal !== "SIGCONT") program.isReady = false;
      if (program && signal === "SIGCONT") program.isReady = true;
      if (isToEnd(signal)) this.#programs.delete(subject);
    },
    "process-exited": ({ subject }) => {
      this.#programs.delete(subject);
    },
    "connection-opened": ({ connection, subject }) => {
      this.#connections.set(connection, subject);
    },
    "connection-closed": (event) => {
      this.#connections.delete(event.connection);
      for (const [key, channel] of this.#channels) {
        if (channel.connection === event.connection) this.#ended(key, "its connection ended");
      }
    },
    "channel-closed": (event) => {
      const why = event.by === "client" ? "" : ` (${event.code} ${event.text})`;
      this.#ended(keyOf(event), `its channel was closed by the ${event.by}${why}`);
    },
    consuming: (event) => {
      this.#channel(event).consumers.add(event.consumer);
    },
    "consumer-cancelled": (event) => {
      this.#channel(event).consumers.delete(event.consumer);
      const by = event.by === "client" ? "it cancelled it itself" : "the broker cancelled it";
      this.#loses(event.subject, by);
    },
    delivered: (event) => {
      if (!event.noAck && !event.dropped) this.#channel(event).unacked.set(event.tag, event.task);
    },
    acked: (event) => this.#answered(event),
    rejected: (event) => this.#answered(event),
    "effect-requested": ({ subject, request }) => {
      this.#programs.get(subject)?.requests.add(request);
    },
    "effect-done": (event) => this.#answers(event),
    "effect-repeated": (event) => this.#answers(event),
    "effect-refused": (event) => this.#answers(event),
    "effect-abandoned": (event) => this.#answers(event),
  };

  /** Whatever a witness tells of a program is a sign of life; what it is sent is none. */
  sees(event: Event): void {
    if (!("subject" in event) || event.type === "delivered") return;
    const program = this.#programs.get(event.subject);
    if (program) program.lastSign = event.at;
  }

  standing(at: number): Standing[] {
    const ready = [...this.#programs].filter(([name, { isReady }]) => isReady && underTest(name));
    return ready.map(([subject, { loss, lastSign, requests }]) => {
      const channels = [...this.#channels.values()].filter((one) => one.subject === subject);
      const inHand = channels.flatMap(({ unacked }) => [...unacked.values()]);
      return {
        subject,
        connections: [...this.#connections.values()].filter((one) => one === subject).length,
        consumers: channels.reduce((sum, { consumers }) => sum + consumers.size, 0),
        loss,
        isWorking: requests.size > 0,
        inHand: new Set(inHand.filter((task) => task !== null)),
        silence: at - lastSign,
      };
    });
  }

  #answers({ subject, request }: { subject: string; request: number }): void {
    this.#programs.get(subject)?.requests.delete(request);
  }

  #answered(event: EventOf<"acked"> | EventOf<"rejected">): void {
    const { unacked } = this.#channel(event);
    for (const tag of tagsNamed(unacked, event)) unacked.delete(tag);
  }

  #ended(key: string, why: string): void {
    const channel = this.#channels.get(key);
    this.#channels.delete(key);
    if (channel && channel.consumers.size > 0) this.#loses(channel.subject, why);
  }

  #loses(subject: string, why: string): void {
    const program = this.#programs.get(subject);
    if (program) program.loss = why;
  }

  #channel(place: { subject: string; connection: number; channel: number }): Channel {
    const key = keyOf(place);
    const known = this.#channels.get(key);
    if (known) return known;
    const { subject, connection } = place;
    const channel = { subject, connection, consumers: new Set<string>(), unacked: new Map() };
    this.#channels.set(key, channel);
    return channel;
  }
}

function keyOf({ connection, channel }: { connection: number; channel: number }): string {
  return `${connection}/${channel}`;
}

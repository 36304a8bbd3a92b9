import type { Event, EventOf, FaultName } from "../history/event.ts";
import { isToEnd } from "./lives.ts";
import type { Reader, Readings } from "./reading.ts";
import { DRAIN, underTest } from "./subjects.ts";
import type { Wire } from "./wire.ts";

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
}

type Place = { readonly connection: number; readonly channel: number };

/** How a consumer was lost whose program may have another connection. */
const ENDED = "its connection ended";

/** Channels of a connection, at most. */
const CHANNELS = 1 << 16;

/**
 * Follows who runs, who is connected, who consumes, and what they have in hand; and who stood when
 * the experiment ended: before the harness began to stop the subjects, or to drain. What a fault did
 * to a process, or a stop before a last fault or start, was part of the story.
 *
 * It has to see each event before the wire does: who stood is known from before the end.
 */
export class Presence implements Reader {
  readonly #wire: Wire;
  readonly #programs = new Map<string, Program>();
  /** Open connections, each with its subject. */
  readonly #connections = new Map<number, string>();
  readonly #channels = new Map<number, Channel>();
  /** Subjects that a fault is about to end. */
  readonly #struck = new Set<string>();
  /** Who stood where the experiment seems to have ended. */
  #atTheEnd: Standing[] | null = null;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  readonly reads: Readings = {
    "process-started": ({ subject, at }) => {
      this.#atTheEnd = null;
      const news = { isReady: true, loss: "it never had one", lastSign: at };
      this.#programs.set(subject, { ...news, requests: new Set() });
    },
    "fault-injected": ({ fault, target }) => {
      this.#atTheEnd = null;
      if (ENDING.includes(fault)) this.#struck.add(target);
    },
    "process-signalled": (event) => this.#signalled(event),
    "process-exited": (event) => {
      this.#struck.delete(event.subject);
      this.#programs.delete(event.subject);
    },
    "connection-opened": (event) => {
      const program = this.#signs(event);
      if (program?.loss === ENDED)
        program.loss = `${ENDED}, and on the next one it did not consume`;
      this.#connections.set(event.connection, event.subject);
    },
    "connection-closed": (event) => {
      this.#signs(event);
      this.#connections.delete(event.connection);
      for (const [key, channel] of this.#channels) {
        if (channel.connection === event.connection) this.#ended(key, ENDED);
      }
    },
    "channel-closed": (event) => {
      this.#signs(event);
      const why = event.by === "client" ? "" : ` (${event.code} ${event.text})`;
      this.#ended(keyOf(event), `its channel was closed by the ${event.by}${why}`);
    },
    consuming: (event) => {
      if (event.subject === DRAIN) this.#ends(event);
      this.#signs(event);
      this.#channel(event).consumers.add(event.consumer);
    },
    "consumer-cancelled": (event) => {
      this.#signs(event);
      this.#channel(event).consumers.delete(event.consumer);
      const by = event.by === "client" ? "it cancelled it itself" : "the broker cancelled it";
      this.#loses(event.subject, by);
    },
    delivered: (event) => {
      if (event.subject === DRAIN) this.#ends(event);
    },
    "effect-requested": (event) => {
      const program = this.#signs(event);
      program?.requests.add(event.request);
    },
    "effect-done": (event) => this.#answers(event),
    "effect-repeated": (event) => this.#answers(event),
    "effect-refused": (event) => this.#answers(event),
    "effect-abandoned": (event) => this.#answers(event),
    drained: (event) => this.#ends(event),
    "drain-finished": (event) => this.#ends(event),
    // Whatever a witness tells of a program is a sign of life; what it is sent is none.
    ...signsOfLife((event) => this.#signs(event)),
  };

  /** @param at when the history ends, if the experiment didn't end before. */
  standing(at: number): readonly Standing[] {
    return this.#atTheEnd ?? this.#standing(at);
  }

  #ends({ at }: Event): void {
    this.#atTheEnd ??= this.#standing(at);
  }

  #standing(at: number): Standing[] {
    const ready = [...this.#programs].filter(([name, { isReady }]) => isReady && underTest(name));
    return ready.map(([subject, { loss, lastSign, requests }]) => {
      const channels = [...this.#channels.values()].filter((one) => one.subject === subject);
      return {
        subject,
        connections: [...this.#connections.values()].filter((one) => one === subject).length,
        consumers: channels.reduce((sum, { consumers }) => sum + consumers.size, 0),
        loss,
        isWorking: requests.size > 0,
        inHand: this.#inHand(subject),
        silence: at - lastSign,
      };
    });
  }

  /** What it was sent and has not answered, as far as it knows: a forged ack it knows nothing of. */
  #inHand(subject: string): Set<string> {
    const open = this.#wire.channelsOf(subject).filter(({ closed }) => !closed);
    const sent = open.flatMap(({ unacked, forged }) => [...unacked.values(), ...forged.values()]);
    const inHand = sent.filter((delivery) => !delivery.dropped && !delivery.sent);
    return new Set(inHand.flatMap(({ task }) => task?.id ?? []));
  }

  #signalled(event: EventOf<"process-signalled">): void {
    const { subject, signal } = event;
    const isStop = isToEnd(signal) && !this.#struck.has(subject);
    if (isStop) this.#ends(event);
    const program = this.#programs.get(subject);
    if (program === undefined) return;
    program.lastSign = event.at;
    program.isReady = signal === "SIGCONT";
    if (isToEnd(signal)) this.#programs.delete(subject);
  }

  #signs({ subject, at }: { subject: string; at: number }): Program | undefined {
    const program = this.#programs.get(subject);
    if (program) program.lastSign = at;
    return program;
  }

  #answers(event: { subject: string; at: number; request: number }): void {
    this.#signs(event)?.requests.delete(event.request);
  }

  #ended(key: number, why: string): void {
    const channel = this.#channels.get(key);
    this.#channels.delete(key);
    if (channel && channel.consumers.size > 0) this.#loses(channel.subject, why);
  }

  #loses(subject: string, why: string): void {
    const program = this.#programs.get(subject);
    if (program) program.loss = why;
  }

  #channel(place: Place & { readonly subject: string }): Channel {
    const key = keyOf(place);
    const known = this.#channels.get(key);
    if (known) return known;
    const { subject, connection } = place;
    const channel = { subject, connection, consumers: new Set<string>() };
    this.#channels.set(key, channel);
    return channel;
  }
}

type Sign = (event: { subject: string; at: number }) => void;

/** What tells of a program, and of nothing else that matters here. */
function signsOfLife(sign: Sign): Readings {
  return {
    "client-identified": sign,
    "channel-opened": sign,
    "confirms-selected": sign,
    "transactions-selected": sign,
    published: sign,
    "publish-confirmed": sign,
    "publish-refused": sign,
    "publish-returned": sign,
    "prefetch-set": sign,
    acked: sign,
    rejected: sign,
    "ack-forged": sign,
    held: sign,
    "hold-ended": sign,
    impaired: sign,
    "connection-refused": sign,
    "protocol-violation": sign,
    "effect-logged": sign,
  };
}

function keyOf({ connection, channel }: Place): number {
  return connection * CHANNELS + channel;
}

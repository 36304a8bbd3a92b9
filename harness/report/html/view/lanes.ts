import type { Event, EventOf } from "../../../history/event.ts";
import type { Reader, Readings } from "../../../ledger/reading.ts";
import type { Lane, LaneKind, Span } from "../data.ts";
import { inOrder, isStanding, type OpenLane } from "./lane-order.ts";
import { countOf } from "./tasks-of.ts";

/** Lanes beyond these are not drawn: those without a message go first. */
const MOST_LANES = 60;

interface Place {
  subject: string;
  connection: number;
  channel: number;
}

/** The lanes of a timeline: brokers, processes, their channels, and queues, as they come and go. */
export class Lanes implements Reader {
  readonly #all = new Map<string, OpenLane>();

  readonly reads: Readings = {
    "broker-up": (event) => this.#begin(this.#broker(event), event.at),
    "broker-paused": (event) => this.#turn(this.#broker(event), event.at, "paused"),
    "broker-resumed": (event) => this.#turn(this.#broker(event), event.at, "up"),
    "broker-down": (event) =>
      this.#end(this.#broker(event), event.at, event.clean ? "stopped" : "killed"),
    "process-started": ({ subject, at }) => this.#begin(this.#process(subject), at),
    "process-exited": (event) => this.#end(this.#process(event.subject), event.at, exitOf(event)),
    "queue-declared": ({ queue, at }) => this.#begin(this.#queue(queue), at),
    "channel-opened": (event) => this.#begin(this.#channel(event), event.at),
    "channel-closed": (event) => this.#end(this.#channel(event), event.at, closeOf(event)),
    "connection-closed": (event) => this.#endAll(event),
  };

  /** The lane that an event about a task is on; undefined of one that is on none. */
  keyOf(event: Event): string | undefined {
    const key = this.#of(event);
    const lane = key === undefined ? undefined : this.#all.get(key);
    if (lane) lane.busy = true;
    return key;
  }

  /** The lanes that a batch of tasks has passed, with how many there were. */
  keysOf({ completed }: EventOf<"tasks-completed">): { key: string; count: number }[] {
    return completed.flatMap(({ worker, queue, ids }) => {
      const keys = [this.#queue(queue), this.#process(worker)];
      for (const key of keys) (this.#all.get(key) as OpenLane).busy = true;
      return keys.map((key) => ({ key, count: countOf(ids) }));
    });
  }

  #of(event: Event): string | undefined {
    if (event.type === "drained") return this.#queue(event.queue);
    if (event.type === "fault-injected" || !("subject" in event)) return undefined;
    if ("channel" in event) return this.#channel(event);
    return event.type.startsWith("effect-") ? this.#process(event.subject) : undefined;
  }

  /** In the order in which they are drawn; what still lasts ends with the run. */
  result(end: number): { lanes: Lane[]; indexOf: ReadonlyMap<string, number> } {
    const worth = [...this.#all].filter(([, lane]) => lane.busy || isStanding(lane));
    const drawn = worth
      .toSorted(([, a], [, b]) => Number(b.busy) - Number(a.busy))
      .slice(0, MOST_LANES)
      .sort(([, a], [, b]) => inOrder(a, b));
    const lanes = drawn.map(([, { kind, name, spans }]) => ({
      kind,
      name,
      spans: spans.map((span) => ({ ...span, to: Math.min(span.to, end) })),
    }));
    return { lanes, indexOf: new Map(drawn.map(([key], index) => [key, index])) };
  }

  #broker({ node }: { node?: string }): string {
    return this.#lane(`broker ${node ?? ""}`, "broker", node ?? "broker");
  }

  #process(subject: string): string {
    return this.#lane(`process ${subject}`, "process", subject, { subject });
  }

  #queue(name: string): string {
    return this.#lane(`queue ${name}`, "queue", name);
  }

  #channel({ subject, connection, channel }: Place): string {
    const name = `${subject} ${connection}/${channel}`;
    return this.#lane(`channel ${name}`, "channel", name, { subject, connection });
  }

  #lane(key: string, kind: LaneKind, name: string, about: Partial<OpenLane> = {}): string {
    if (!this.#all.has(key)) {
      this.#all.set(key, { kind, name, spans: [], busy: false, number: this.#all.size, ...about });
    }
    return key;
  }

  #begin(key: string, at: number, state: Span["state"] = "up"): void {
    this.#all.get(key)?.spans.push({ from: at, to: Number.POSITIVE_INFINITY, state });
  }

  #turn(key: string, at: number, state: Span["state"]): void {
    this.#end(key, at);
    this.#begin(key, at, state);
  }

  #end(key: string, at: number, end?: string): void {
    const last = this.#all.get(key)?.spans.at(-1);
    if (!last || last.to !== Number.POSITIVE_INFINITY) return;
    last.to = at;
    if (end !== undefined) last.end = end;
  }

  #endAll({ connection, at, by, clean }: EventOf<"connection-closed">): void {
    for (const [key, lane] of this.#all) {
      if (lane.connection !== connection) continue;
      this.#end(key, at, clean ? undefined : `cut by the ${by}`);
    }
  }
}

/** An end in order is not worth a word. */
function exitOf({ code, signal }: EventOf<"process-exited">): string | undefined {
  return signal ?? (code === 0 ? undefined : `exit code ${code}`);
}

function closeOf({ by, code }: EventOf<"channel-closed">): string | undefined {
  return code === 200 ? undefined : `closed by the ${by}, ${code}`;
}

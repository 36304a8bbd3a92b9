import type { Event } from "../../../history/event.ts";
import type { ExperimentView, Lane, LaneKind, Life } from "../data.ts";

/** Where a message was at a time, as far as a witness saw it. */
export interface Point {
  /** Position among the lives. */
  life: number;
  at: number;
  lane: number;
}

/** What happened to it there. */
export interface Step extends Point {
  event: Event;
}

/** Lanes by what they are. */
export type LaneIndex = ReadonlyMap<string, number>;

export function laneIndex(lanes: readonly Lane[]): LaneIndex {
  return new Map(lanes.map(({ kind, name }, index) => [key(kind, name), index]));
}

function key(kind: LaneKind, name: string): string {
  return `${kind} ${name}`;
}

/** A message's life as a path through the lanes, and the steps on it. */
export function pathOf(
  life: number,
  { lives, events }: ExperimentView,
  index: LaneIndex,
): { points: Point[]; steps: Step[] } {
  const told = (lives[life] as Life).events.flatMap((at) => events[at] ?? []);
  const track = new Track(life, queueOf(told, index));
  for (const event of told) {
    const lane = laneOf(event, index, track);
    if (lane === undefined) continue;
    track.steps.push({ life, at: event.at, lane, event });
    follow(event, lane, track);
  }
  return track;
}

class Track {
  readonly points: Point[] = [];
  readonly steps: Step[] = [];
  /** The lane of the channel on which it was delivered last. */
  delivered: number | undefined;
  readonly life: number;
  readonly queue: number | undefined;

  constructor(life: number, queue: number | undefined) {
    this.life = life;
    this.queue = queue;
  }

  /** It stays where it is until then, and is there at once. */
  to(lane: number | undefined, at: number): void {
    if (lane === undefined) return;
    const last = this.points.at(-1);
    if (last && last.lane !== lane && last.at !== at) {
      this.points.push({ life: this.life, at, lane: last.lane });
    }
    this.points.push({ life: this.life, at, lane });
  }
}

function follow(event: Event, lane: number, track: Track): void {
  const { at } = event;
  const isDropped = "dropped" in event && event.dropped === true;
  switch (event.type) {
    case "published":
      track.to(lane, at);
      if (!isDropped) track.to(track.queue, at);
      break;
    case "delivered":
      track.to(track.queue, at);
      track.to(lane, at);
      track.delivered = lane;
      break;
    case "rejected":
      track.to(lane, at);
      if (event.requeue && !isDropped) track.to(track.queue, at);
      break;
    case "channel-closed":
    case "connection-closed":
      track.to(lane, at);
      track.to(track.queue, at);
      break;
    case "acked":
    case "ack-forged":
    case "drained":
    case "effect-requested":
    case "effect-done":
    case "effect-abandoned":
    case "effect-refused":
    case "effect-repeated":
    case "effect-logged":
      track.to(lane, at);
  }
}

function laneOf(event: Event, index: LaneIndex, track: Track): number | undefined {
  if (event.type === "drained") return index.get(key("queue", event.queue));
  if (event.type === "connection-closed") return track.delivered;
  if (event.type === "fault-injected" || !("subject" in event)) return undefined;
  const { subject } = event;
  if (event.type.startsWith("effect-")) return index.get(key("process", subject));
  if (!("channel" in event)) return undefined;
  return index.get(key("channel", `${subject} ${event.connection}/${event.channel}`));
}

/** Where it waits: where it is delivered from, or published to. */
function queueOf(told: readonly Event[], index: LaneIndex): number | undefined {
  for (const event of told) {
    if (event.type === "delivered") return index.get(key("queue", event.queue));
    if (event.type === "published" && event.exchange === "") {
      return index.get(key("queue", event.routingKey));
    }
  }
  return undefined;
}

import { DRAIN, underTest } from "../../../ledger/subjects.ts";
import type { Lane, LaneKind } from "../data.ts";

/** A lane that is still being written. */
export interface OpenLane extends Lane {
  subject?: string;
  connection?: number;
  /** Messages passed it. */
  busy: boolean;
  /** Its turn among those of its kind. */
  number: number;
}

/** From where messages come to where they end: broker, publisher, queues, workers, drain. */
export function inOrder(a: OpenLane, b: OpenLane): number {
  return rank(a) - rank(b) || byName(a, b) || byKind(a, b) || a.number - b.number;
}

/** There is something to see of it, though no message passed. */
export function isStanding({ kind, subject }: OpenLane): boolean {
  if (kind === "broker" || kind === "queue") return true;
  return kind === "process" && subject !== undefined && underTest(subject);
}

function rank({ kind, subject }: OpenLane): number {
  if (kind === "broker") return 0;
  if (kind === "queue") return 2;
  if (subject !== undefined && underTest(subject)) return 3;
  return subject === DRAIN ? 4 : 1;
}

function byName({ subject: a = "" }: OpenLane, { subject: b = "" }: OpenLane): number {
  return a.localeCompare(b, "en", { numeric: true });
}

const KINDS: readonly LaneKind[] = ["broker", "channel", "queue", "process"];

function byKind(a: OpenLane, b: OpenLane): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
}

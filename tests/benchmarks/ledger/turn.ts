import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Ledger } from "../../../harness/ledger/ledger.ts";
import { EVENTS_PER_TASK, NAMINGS, Traffic } from "./traffic.ts";

export type NamingName = keyof typeof NAMINGS;

/** What one ledger took for so many events. */
export interface Turn {
  events: number;
  /** Seconds of processor time, of all threads: adding alone, and no making of events. */
  seconds: number;
  /** Bytes that it holds at the end for each task, in the heap and outside. */
  bytes: number;
  /** Seconds of each piece, in order. */
  pieces: number[];
}

/** Tasks that are made at a time: few, so that what is not measured stays out of the way. */
const PIECE = 2_000;

/**
 * Reads the history of a healthy run of so many events into a ledger.
 *
 * @param warmUp events that another ledger reads just before. A collection of garbage throws compiled
 * code away, and to have it again is no growth: it would make the smallest size look slow.
 */
export function takeTurn(naming: NamingName, events: number, warmUp = 0): Turn {
  const tasks = Math.ceil(events / EVENTS_PER_TASK);
  const traffic = new Traffic(NAMINGS[naming]);
  let added = 0;
  const add = (piece: ReturnType<Traffic["next"]>) => {
    const began = process.cpuUsage();
    for (const event of piece) ledger.add(event);
    const { user, system } = process.cpuUsage(began);
    added += piece.length;
    return (user + system) / 1e6;
  };
  const before = heldBytes();
  readAnother(naming, warmUp);
  const ledger = new Ledger({ keep: "wrong" });
  const pieces = [add(traffic.opening())];
  for (let made = 0; made < tasks; made += PIECE) {
    pieces.push(add(traffic.next(Math.min(PIECE, tasks - made))));
  }
  pieces.push(add(traffic.closing()));
  const bytes = (heldBytes() - before) / tasks;
  // Whatever is measured of a ledger that does not do its work says nothing.
  const { completed } = ledger.account();
  if (completed !== tasks) throw new Error(`${completed} of ${tasks} tasks are told as completed`);
  const seconds = pieces.reduce((sum, piece) => sum + piece, 0);
  return { events: added, seconds, bytes, pieces };
}

function readAnother(naming: NamingName, events: number): void {
  const traffic = new Traffic(NAMINGS[naming]);
  const ledger = new Ledger({ keep: "wrong" });
  for (const event of traffic.opening()) ledger.add(event);
  for (let made = 0; made < events / EVENTS_PER_TASK; made += PIECE) {
    for (const event of traffic.next(PIECE)) ledger.add(event);
  }
}

/** Array buffers count as much as the heap. */
function heldBytes(): number {
  // What only weak references hold is gone after a few.
  for (let time = 0; time < 4; time++) collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

import type { Harm, Towards } from "../../../harness/link/impairment.ts";
import { frame, type Pair } from "./line.ts";

export const STALL: Harm = { kind: "stall" };
export const HALF_OPEN: Harm = { kind: "half-open" };
export const latency = (delay: number): Harm => ({ kind: "latency", delay, jitter: 0, seed: 1 });
export const narrow = (bytesPerSecond: number): Harm => ({ kind: "bandwidth", bytesPerSecond });
export const cutAfter = (bytes: number): Harm => ({ kind: "cut-after", bytes });

/** Frames of different lengths. */
export const [A, B, C] = [frame("a"), frame("bb".repeat(500)), frame("ccc")] as const;
const other = (towards: Towards): Towards => (towards === "broker" ? "client" : "broker");

/** Bytes go the other way, unharmed: whatever the link could do meanwhile it has done. */
export async function passBack(pair: Pair, towards: Towards): Promise<void> {
  pair.sender(other(towards)).write(C);
  await pair.receiver(other(towards)).receives(C);
}

import { createHash } from "node:crypto";

/** A whole number from 0 to below `limit`, which the seed and the occasion decide. */
export function draw(seed: number, occasion: string, limit: number): number {
  return createHash("sha256").update(`${seed}\n${occasion}`).digest().readUInt32BE() % limit;
}

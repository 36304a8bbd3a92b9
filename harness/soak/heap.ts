import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes that this process holds on to once its garbage is collected, in and beside V8's heap. */
export function heldMemory(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = process.memoryUsage(); // ArrayBuffers are a part of external.
  return heapUsed + external;
}

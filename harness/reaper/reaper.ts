import { spawn } from "node:child_process";
import { extname, join } from "node:path";
import type { Writable } from "node:stream";

export { newOwner, OWNER_LABEL } from "./owner.ts";

/** Something that must not outlive the harness. */
export type Ward =
  /** A process group, by its leader's pid. */
  | `group ${number}`
  /** Every process that bears this mark; see `MARK`. */
  | `marked ${string}`
  /** Every container, network and volume of this owner. */
  | `resources ${string}`;

// Compiled or not, as this file is.
const program = join(import.meta.dirname, `undertaker${extname(import.meta.filename)}`);

let line: Writable | undefined;

/**
 * Puts something into the care of a helper process that outlives this one just long enough to
 * remove it, however this one ends: normally, by Ctrl-C or by SIGKILL. The helper notices by
 * the end of its standard input, which the operating system closes in every case.
 *
 * Returns how to take it out again, once it is gone by itself.
 */
export function entrust(ward: Ward): () => void {
  line ??= startUndertaker();
  line.write(`+${ward}\n`);
  return () => line?.write(`-${ward}\n`);
}

function startUndertaker(): Writable {
  const helper = spawn(process.execPath, [program], {
    detached: true, // A session of its own, so that Ctrl-C in a terminal does not reach it.
    stdio: ["pipe", "ignore", "inherit"],
  });
  helper.unref();
  const { stdin } = helper;
  stdin.on("error", () => {}); // Somebody killed it. The run is none the worse for that.
  (stdin as unknown as { unref(): void }).unref();
  return stdin;
}

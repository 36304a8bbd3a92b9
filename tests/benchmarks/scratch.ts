import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Keeps the runs of a benchmark in a folder of their own, which is gone when it has ended. */
export async function inScratch<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "ackproof-bench-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const { ACKPROOF_DIR: before } = process.env;
  process.env.ACKPROOF_DIR = folder;
  process.on("exit", remove);
  try {
    return await action(folder);
  } finally {
    process.off("exit", remove);
    remove();
    if (before === undefined) delete process.env.ACKPROOF_DIR;
    else process.env.ACKPROOF_DIR = before;
  }
}

import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { CompactBlocks } from "./compact-block.ts";
import { Entangled } from "./entangled.ts";
import type { Event, EventOf } from "./event.ts";
import { glance } from "./glance.ts";
import { eachHistoryLine, eventIn, replay } from "./replay.ts";

/** What a compaction made of a history. Sizes are bytes. */
export interface Compaction {
  /** Events that were left out, and lines that stayed. */
  omitted: number;
  kept: number;
  before: number;
  after: number;
}

type IsFinished = (task: string) => boolean;

/**
 * Rewrites a run's history in place: the events of tasks that were done without a hitch become
 * batches of ids (`tasks-completed`), and everything else stays as it is, in its order; only lists
 * of several tasks lose those that are left out. Judged again, it has the same account, fates,
 * convictions, contradictions and vacuity; the times that availability is measured by are gone.
 * Reads the file twice, in memory that does not grow with it.
 *
 * A history that is not whole (its numbering has a gap), or compacted already, is left as it is.
 *
 * @param path the file of a history that nobody writes to any more.
 * @param isFinished was this task done without a hitch? A ledger that has read the whole history
 * knows: `(task) => ledger.isFinished(task)`.
 * @throws {Error} that names the line when the file was cut off or is not a history.
 */
export async function compact(path: string, isFinished: IsFinished): Promise<Compaction> {
  const before = (await stat(path)).size;
  const { entangled, events, isWhole } = await entangledIn(path, isFinished);
  if (!isWhole) return { omitted: 0, kept: events, before, after: before };
  const isLeftOut = (task: string) => isFinished(task) && !entangled.has(task);
  const compacted = `${path}.compact`;
  try {
    const kept = await rewrite(path, compacted, isLeftOut);
    const after = (await stat(compacted)).size;
    await rename(compacted, path);
    return { omitted: events - kept, kept, before, after };
  } finally {
    await rm(compacted, { force: true });
  }
}

async function entangledIn(path: string, isFinished: IsFinished) {
  const entangled = new Entangled(isFinished);
  let events = 0;
  let isWhole = true;
  await replay(path, (event) => {
    if (event.seq !== ++events || event.type === "tasks-completed") isWhole = false;
    entangled.see(event);
  });
  entangled.end();
  return { entangled, events, isWhole };
}

/** @returns how many lines stayed. */
async function rewrite(path: string, to: string, isLeftOut: IsFinished): Promise<number> {
  const file = createWriteStream(to, { flags: "w" });
  const failure = new Promise<never>((_, reject) => file.on("error", reject));
  failure.catch(() => {}); // It is told where it is awaited.
  const blocks = new CompactBlocks((text) => file.write(text));
  const rewriting = new Rewriting(blocks, isLeftOut);
  await eachHistoryLine(
    path,
    (line, number) => rewriting.see(line, path, number),
    async () => {
      if (file.writableNeedDrain) await Promise.race([drained(file), failure]);
    },
  );
  blocks.end();
  file.end();
  await finished(file);
  return rewriting.kept;
}

function drained(file: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => file.once("drain", resolve));
}

/** Decides line by line what stays. */
class Rewriting {
  kept = 0;
  readonly #blocks: CompactBlocks;
  readonly #isLeftOut: IsFinished;
  /** Tags of deliveries that stay, by task, until their answer. */
  readonly #tags = new Map<string, number>();

  constructor(blocks: CompactBlocks, isLeftOut: IsFinished) {
    this.#blocks = blocks;
    this.#isLeftOut = isLeftOut;
  }

  see(line: string, path: string, number: number): void {
    const seen = glance(line);
    const isOut = seen !== null && this.#isLeftOut(seen.task);
    if (seen === null || seen.type === "published" || seen.type === "delivered") {
      this.#look(eventIn(line, path, number), line, isOut);
    } else if (!isOut) {
      this.#keep(line);
    } else {
      this.#blocks.omit(() => eventIn(line, path, number));
      if (seen.type === "acked") this.#blocks.completed(seen.task);
    }
  }

  #look(event: Event, line: string, isOut: boolean): void {
    if (isOut) {
      this.#blocks.omit(() => event);
      if (event.type === "published") this.#blocks.published(event);
      if (event.type === "delivered") this.#blocks.delivered(event);
    } else if (event.type === "publish-confirmed" || event.type === "acked") {
      this.#ofSeveral(event, line);
    } else {
      if (event.type === "delivered" && event.task) this.#tags.set(event.task, event.tag);
      this.#keep(line);
    }
  }

  /** Of several tasks, those that stay. The answer then names the last of them by its tag. */
  #ofSeveral(event: EventOf<"publish-confirmed"> | EventOf<"acked">, line: string): void {
    const tasks = event.tasks.filter((task) => task === null || !this.#isLeftOut(task));
    const out = event.tasks.filter((task) => task !== null && this.#isLeftOut(task));
    if (event.type === "acked") for (const task of out) this.#blocks.completed(task as string);
    if (out.length === 0) this.#keep(line);
    else if (tasks.length === 0) this.#blocks.omit(() => event);
    else if (event.type === "publish-confirmed") this.#keep(JSON.stringify({ ...event, tasks }));
    else this.#keep(JSON.stringify({ ...event, tasks, tag: this.#lastTag(tasks, event.tag) }));
    if (event.type === "acked") for (const task of tasks) this.#tags.delete(task ?? "");
  }

  #lastTag(tasks: readonly (string | null)[], otherwise: number): number {
    const tags = tasks.flatMap((task) => this.#tags.get(task ?? "") ?? []);
    return tags.length === 0 ? otherwise : Math.max(...tags);
  }

  #keep(line: string): void {
    this.kept++;
    this.#blocks.keep(line);
  }
}

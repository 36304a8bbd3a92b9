import type { CompletedTasks, Event, EventOf, Stamp } from "./event.ts";
import { packIds } from "./ids.ts";

/** Characters of kept lines, and tasks, at which a block ends: it is held in memory. */
const MOST_TEXT = 1 << 20;
const MOST_TASKS = 50_000;

type Way = Omit<CompletedTasks, "ids">;

/** A task that is left out, on its way. */
interface OnItsWay {
  readonly task: string;
  readonly way: Way;
}

/**
 * Writes a history in blocks: each begins with what it leaves out (`tasks-completed`), in the place
 * of the first event that is left out, and goes on with the lines that stay.
 */
export class CompactBlocks {
  readonly #write: (text: string) => void;
  #opened: Stamp | null = null;
  #omitted = 0;
  #lines = "";
  readonly #ways = new Map<string, OnItsWay>();
  #completed = new Map<string, { way: Way; ids: string[] }>();
  #tasks = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** A line that stays. */
  keep(line: string): void {
    this.#lines += `${line}\n`;
    if (this.#lines.length > MOST_TEXT) this.end();
  }

  /** An event that is left out. Where it stands is asked for only where a block begins. */
  omit(stamp: () => Stamp): void {
    if (this.#opened === null) {
      this.#write(this.#lines);
      this.#lines = "";
      const { seq, at } = stamp();
      this.#opened = { seq, at };
    } else this.#omitted++;
  }

  published({ task, subject, exchange, routingKey, mandatory }: EventOf<"published">): void {
    const target = exchange === "" ? routingKey : null;
    if (task === null) return;
    const way = { publisher: subject, target, mandatory, worker: "", queue: "" };
    this.#ways.set(task, { task, way });
  }

  delivered({ task, subject, queue }: EventOf<"delivered">): void {
    const way = this.#ways.get(task ?? "")?.way;
    if (way) Object.assign(way, { worker: subject, queue });
  }

  /** It was acked: the last that is told of it, as far as it matters. */
  completed(id: string): void {
    const onItsWay = this.#ways.get(id);
    if (onItsWay === undefined) return;
    this.#ways.delete(id);
    // Its own string: the other one may be a part of a great text, which it would keep.
    const { task, way } = onItsWay;
    const key = JSON.stringify(Object.values(way));
    const same = this.#completed.get(key);
    if (same) same.ids.push(task);
    else this.#completed.set(key, { way, ids: [task] });
    if (++this.#tasks >= MOST_TASKS) this.end();
  }

  /** Ends the block, if there is one, and writes it. */
  end(): void {
    const opened = this.#opened;
    if (opened !== null) {
      const completed = [...this.#completed.values()].map(({ way, ids }) => ({
        ...way,
        ids: packIds(ids),
      }));
      const omits = this.#omitted;
      const event: Event = { ...opened, type: "tasks-completed", completed, omits };
      this.#write(`${JSON.stringify(event)}\n`);
    }
    this.#write(this.#lines);
    this.#opened = null;
    this.#omitted = 0;
    this.#lines = "";
    this.#completed = new Map();
    this.#tasks = 0;
  }
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SetupError } from "../../harness/errors.ts";
import type { Fact } from "../../harness/history/event.ts";
import { ELSEWHERE, readHistory, writeHistory } from "../../harness/history/file.ts";
import { History } from "../../harness/history/history.ts";
import { untilAnswered } from "../../harness/until.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ackproof-history-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

const path = () => join(directory, "history.ndjson");

function purged(count: number, queue = "tasks"): Fact {
  return { type: "queue-purged", queue, count };
}

describe("a history", () => {
  test("numbers its events from 1, at times that never run backwards", () => {
    const history = new History();
    for (let count = 0; count < 100; count++) history.record(purged(count));
    const { events } = history;
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const times = events.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times[0]).toBeGreaterThanOrEqual(0);
  });

  test("tells everyone who listens, until they stop", () => {
    const history = new History();
    const heard: string[] = [];
    const stop = history.subscribe(({ seq }) => heard.push(`one ${seq}`));
    history.subscribe(({ seq }) => heard.push(`two ${seq}`));
    history.record(purged(1));
    stop();
    history.record(purged(2));
    expect(heard).toEqual(["one 1", "two 1", "two 2"]);
  });

  test("that keeps nothing still numbers its events and tells who listens", () => {
    const history = new History({ keep: false });
    const heard: number[] = [];
    history.subscribe(({ seq }) => heard.push(seq));
    for (let count = 0; count < 3; count++) history.record(purged(count));
    expect(heard).toEqual([1, 2, 3]);
    expect(history.events).toEqual([]);
  });

  test("is whole, until a witness fails; the first failure is told", () => {
    const history = new History();
    expect(() => history.assertWhole()).not.toThrow();
    history.fail(new Error("the first"));
    history.fail(new Error("the second"));
    expect(() => history.assertWhole()).toThrow("the first");
  });
});

describe("a saved history", () => {
  async function save(): Promise<History> {
    const history = new History();
    const file = writeHistory(history, path());
    history.record({ type: "broker-up", boot: "1", version: "4.3.6" });
    history.record(purged(2, 'line\nfeed, "quotes" and ü\u2028'));
    await file.close();
    history.record(purged(3)); // After its end: not its matter.
    history.assertWhole();
    return history;
  }

  test("is read back as it was", async () => {
    const { events } = await save();
    expect(await readHistory(path())).toEqual(events.slice(0, 2));
  });

  test("holds what has happened before the run has ended", async () => {
    const history = new History();
    const file = writeHistory(history, path());
    history.record(purged(1));
    const written = async () => (await readHistory(path()).catch(() => [])).length === 1;
    await untilAnswered("the event in its file", written);
    await file.close();
  });

  test("that is empty has no events", async () => {
    writeFileSync(path(), "");
    expect(await readHistory(path())).toEqual([]);
  });

  test("that was cut off is refused, wherever it was cut within a line", async () => {
    await save();
    const whole = readFileSync(path());
    const ends = new Set([...whole.entries()].flatMap(([at, it]) => (it === 10 ? [at + 1] : [])));
    for (let length = whole.length - 1; length > 0; length--) {
      truncateSync(path(), length);
      if (ends.has(length)) continue;
      const line = length < Math.min(...ends) ? 1 : 2;
      const words = `ends in the middle of line ${line}: the history is truncated`;
      await expect(readHistory(path()), `${length} bytes`).rejects.toThrow(words);
    }
  });

  test.each(["{", "null", "7", "{}", ""])(
    "with the line %j says which one is bad",
    async (line) => {
      writeFileSync(path(), `${JSON.stringify({ seq: 1, at: 0, ...purged(1) })}\n${line}\n`);
      await expect(readHistory(path())).rejects.toThrow(`${path()}:2 is not an event`);
    },
  );
});

describe("a history that can't be written is a matter of setup, and not whole:", () => {
  async function failureOf(place: string): Promise<unknown> {
    const history = new History();
    const file = writeHistory(history, place);
    history.record(purged(1));
    const failure = await file.close().catch((error) => error);
    expect(() => history.assertWhole()).toThrow(failure);
    return failure;
  }

  test("its directory is missing", async () => {
    const failure = await failureOf(join(directory, "missing", "history.ndjson"));
    expect(failure).toBeInstanceOf(SetupError);
    expect(String(failure)).toMatch(/Cannot write the history to .*: ENOENT/);
  });

  test("another one is there already, which is left as it is", async () => {
    writeFileSync(path(), "another\n");
    expect(String(await failureOf(path()))).toMatch(/Cannot write the history to .*: EEXIST/);
    expect(readFileSync(path(), "utf8")).toBe("another\n");
  });

  test.runIf(process.platform !== "win32")("the disk is full", () => {
    // A limit on the size of files is a full disk for one process alone.
    const program = join(import.meta.dirname, "write-much.ts");
    const limited = `ulimit -f 64 && exec "$0" "$1" "$2"`;
    const { stdout } = spawnSync("sh", ["-c", limited, process.execPath, program, path()]);
    const words = `SetupError: Cannot write the history to ${path()}: EFBIG: file too large, write\n${ELSEWHERE}`;
    expect(String(stdout)).toBe(`assertWhole: ${words}\nclose: ${words}\n`);
  });
});

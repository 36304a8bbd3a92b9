import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { History } from "../../harness/history/history.ts";
import { Sink } from "../../harness/sink/sink.ts";
import { until } from "../../harness/until.ts";

let history: History;
let sink: Sink;

beforeEach(async () => {
  history = new History();
  sink = await Sink.start(history);
});

afterEach(() => sink.close());

/** Asks for an effect as a worker would; the status of the answer, or "gone" without one. */
function ask(subject: string, task: string, signal?: AbortSignal): Promise<number | "gone"> {
  const url = `${sink.url(subject)}/${encodeURIComponent(task)}`;
  return fetch(url, { method: "POST", ...(signal ? { signal } : {}) }).then(
    ({ status }) => status,
    () => "gone",
  );
}

/** Asks, and waits until the request has reached the sink. */
async function asked(subject: string, task: string, signal?: AbortSignal) {
  const before = told().length;
  const answer = ask(subject, task, signal);
  const arrived = () => told().length > before;
  await until(`the request for ${task}`, history, arrived, { deadline: 2_000 });
  return { answer };
}

/** The history in short: `w requested t1`. */
function told(): string[] {
  return history.events.map((event) => {
    if (!("request" in event)) throw new Error(`The sink recorded ${event.type}`);
    return `${event.subject} ${event.type.replace("effect-", "")} ${event.task}`;
  });
}

test("the gate is closed at first: a request is held, and opened it happens", async () => {
  const { answer } = await asked("w", "t1");
  expect(sink.held()).toMatchObject([{ subject: "w", task: "t1" }]);
  expect(told()).toEqual(["w requested t1"]);
  sink.open();
  expect(told()).toEqual(["w requested t1", "w done t1"]);
  expect(await answer).toBe(204);
  expect(sink.held()).toEqual([]);
  expect(await ask("w", "t2")).toBe(204);
});

test("a subject is allowed so many effects, oldest first, and no other is", async () => {
  await asked("w", "t1");
  await asked("w", "t2");
  await asked("v", "t3");
  sink.allow("w", 1);
  expect(told().slice(3)).toEqual(["w done t1"]);
  expect(sink.allowance("w")).toBe(0);
  expect(sink.allowance("v")).toBeUndefined();
  expect(sink.held("w")).toMatchObject([{ task: "t2" }]);
  expect(sink.held("v")).toMatchObject([{ task: "t3" }]);
});

test("an allowance also closes the open gate for its subject, until it is opened again", async () => {
  sink.open();
  sink.allow("w", 0);
  const { answer } = await asked("w", "t1");
  expect(await ask("v", "t2")).toBe(204);
  expect(sink.held()).toMatchObject([{ task: "t1" }]);
  sink.open();
  expect(await answer).toBe(204);
});

test("a held task waits for its release, whatever the gate and the allowance say", async () => {
  sink.holdTasks(["heavy"]);
  sink.allow("w", Number.POSITIVE_INFINITY);
  await asked("w", "heavy");
  sink.open();
  expect(await ask("w", "light")).toBe(204);
  expect(sink.held()).toMatchObject([{ task: "heavy" }]);
  sink.release(["heavy"]);
  expect(told().at(-1)).toBe("w done heavy");
});

test("what a dead subject had asked for never happens, nor does what is still on its way", async () => {
  const { answer } = await asked("w", "t1");
  const address = `${sink.url("w")}/late`;
  await asked("v", "t2");
  sink.abandon("w");
  expect(await answer).toBe("gone");
  sink.open();
  await expect(fetch(address, { method: "POST" })).rejects.toThrow();
  expect(told()).toEqual([
    "w requested t1",
    "v requested t2",
    "w abandoned t1",
    "v done t2",
    "w requested late",
    "w abandoned late",
  ]);
});

test("a subject that is started again may ask again", async () => {
  sink.abandon("w");
  sink.open();
  expect(await ask("w", "t1")).toBe(204); // Its address was asked for again.
});

test("a request whose caller is gone is abandoned", async () => {
  const abort = new AbortController();
  await asked("w", "t1", abort.signal);
  abort.abort();
  await until("the request to be abandoned", history, () => told().length > 1, { deadline: 4_000 });
  sink.open();
  expect(told()).toEqual(["w requested t1", "w abandoned t1"]);
});

test("names and tasks may have any characters", async () => {
  sink.open();
  expect(await ask("worker 1/ü", "a/b?c=d&e #1 100%")).toBe(204);
  expect(told().at(-1)).toBe("worker 1/ü done a/b?c=d&e #1 100%");
});

/** Asks under an idempotency key. */
function askUnder(key: string, subject: string, task: string): Promise<number | "gone"> {
  const headers = { "Idempotency-Key": key };
  return fetch(`${sink.url(subject)}/${task}`, { method: "POST", headers }).then(
    ({ status }) => status,
    () => "gone",
  );
}

test("under a key that it knows nothing is done again, whoever asks and whatever the gate says", async () => {
  sink.allow("w", 1);
  expect(await askUnder("k1", "w", "t1")).toBe(204);
  expect(await askUnder('"k1"', "v", "t1")).toBe(204); // As the IETF's draft writes it.
  expect(await askUnder("k1", "w", "t1")).toBe(204);
  expect(sink.allowance("w")).toBe(0);
  expect(told()).toEqual([
    "w requested t1",
    "w done t1",
    "v requested t1",
    "v repeated t1",
    "w requested t1",
    "w repeated t1",
  ]);
});

test("without a key, or under another, the same task is done again", async () => {
  sink.open();
  for (const key of ["k1", "k2", "", '""']) expect(await askUnder(key, "w", "t1")).toBe(204);
  expect(await ask("w", "t1")).toBe(204);
  expect(told().filter((line) => line === "w done t1")).toHaveLength(5);
});

test("while a request under its key is held, another waits for its outcome", async () => {
  const first = askUnder("k1", "w", "t1");
  await until("the first", history, () => told().length === 1);
  const second = askUnder("k1", "v", "t1");
  await until("the second", history, () => told().length === 2);
  sink.allow("v", 1);
  expect(told()).toEqual(["w requested t1", "v requested t1"]);
  expect(sink.held("v")).toHaveLength(1);
  sink.allow("w", 1);
  expect([await first, await second]).toEqual([204, 204]);
  expect(told().slice(2)).toEqual(["w done t1", "v repeated t1"]);
});

test("where the first of them is dropped, the other is done", async () => {
  const first = askUnder("k1", "w", "t1");
  await until("the first", history, () => told().length === 1);
  sink.allow("v", 1);
  const second = askUnder("k1", "v", "t1");
  await until("the second", history, () => told().length === 2);
  sink.abandon("w");
  expect([await first, await second]).toEqual(["gone", 204]);
  expect(told().slice(2)).toEqual(["w abandoned t1", "v done t1"]);
});

test("a key that was given for another task is refused, and nothing is done", async () => {
  sink.open();
  await askUnder("k1", "w", "t1");
  expect(await askUnder("k1", "w", "t2")).toBe(422);
  expect(told().slice(2)).toEqual(["w requested t2", "w refused t2"]);
});

test("a poisoned task is refused at once, each time, and never held", async () => {
  const { answer } = await asked("w", "bad"); // Held before anybody knew.
  sink.poison(["bad"]);
  expect(await answer).toBe(422);
  expect(await askUnder("k1", "v", "bad")).toBe(422);
  sink.open();
  expect([await ask("w", "bad"), await ask("w", "good")]).toEqual([422, 204]);
  expect(history.events.find(({ type }) => type === "effect-refused")).toMatchObject({
    status: 422,
  });
  expect(told().filter((line) => line.includes("done"))).toEqual(["w done good"]);
  expect(sink.held()).toEqual([]);
});

test("an effect that fails once is refused at once, and happens when it is asked for again", async () => {
  sink.failOnce(["t1"]);
  expect(await ask("w", "t1")).toBe(503);
  sink.open();
  expect(await ask("w", "t1")).toBe(204);
  expect(told()).toEqual(["w requested t1", "w refused t1", "w requested t1", "w done t1"]);
});

test("what is no effect is counted, and the last of it is known", async () => {
  expect(sink.strays).toEqual({ count: 0 });
  await fetch(sink.url("w"), { method: "POST" });
  await fetch(`${sink.url("w")}/t1`, { method: "PUT" });
  expect(sink.strays).toEqual({ count: 2, last: "PUT /w/t1" });
  expect(told()).toEqual([]);
});

test.each([
  ["GET", "/w/t1"],
  ["PUT", "/w/t1"],
  ["POST", "/"],
  ["POST", "/w"],
  ["POST", "/w/"],
  ["POST", "/w/t1/t2"],
  ["POST", "/w/%zz"],
])("%s %s is no effect: 400, and nothing is recorded", async (method, path) => {
  sink.open();
  const response = await fetch(new URL(path, sink.url("w")), { method });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("An effect is a POST to $EFFECT_URL/<messageId>");
  expect(told()).toEqual([]);
});

test("what is not HTTP is refused, and harms nobody", async () => {
  const { port } = new URL(sink.url("w"));
  const socket = connect(Number(port), "127.0.0.1", () => socket.write("AMQP\0\0\x09\x01"));
  const answer = await new Promise<string>((resolve) => {
    socket.on("data", (bytes) => resolve(bytes.toString()));
  });
  socket.destroy();
  expect(answer).toContain("400 Bad Request");
  sink.open();
  expect(await ask("w", "t1")).toBe(204);
});

test("closing it drops what it still holds", async () => {
  const { answer } = await asked("w", "t1");
  await sink.close();
  expect(await answer).toBe("gone");
  expect(told()).toEqual(["w requested t1", "w abandoned t1"]);
});

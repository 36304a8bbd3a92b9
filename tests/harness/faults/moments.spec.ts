/** Each fault is tested for its effect, at each moment, by the witnesses' own words. */
import { describe, expect, test } from "vitest";
import type { Event } from "../../../harness/history/event.ts";
import { keepRunsAside, killWorker, SIX, type Told, tell, witnessOf } from "./told.ts";

keepRunsAside();

/** What the witnesses say of a task at a subject, before and after the first fault. */
function around({ events }: Told, subject: string) {
  const fault = events.findIndex(({ type }) => type === "fault-injected");
  const injected = events[fault];
  if (injected?.type !== "fault-injected") throw new Error("No fault was injected");
  const isAbout = (event: Event) =>
    "subject" in event &&
    event.subject === subject &&
    (("task" in event && event.task === injected.task) ||
      ("tasks" in event && event.tasks.some((task) => task === injected.task)));
  const words = (some: readonly Event[]) =>
    some
      .filter(isAbout)
      .map((event) => ("dropped" in event ? `${event.type} (dropped)` : event.type));
  return { before: words(events.slice(0, fault)), after: words(events.slice(fault + 1)) };
}

/** Who asks for an effect. */
const asking = (event: Event) => (event.type === "effect-requested" ? [event.subject] : []);

describe("a worker is killed", () => {
  const once = ["delivered", "effect-requested"];

  test.each([
    ["delivered", { before: ["held"], after: ["delivered (dropped)"] }, SIX],
    ["mid-task", { before: once, after: ["effect-abandoned"] }, SIX],
    [
      "ack-held",
      { before: [...once, "effect-done", "held"], after: ["acked (dropped)"] },
      { ...SIX, completed: 5, duplicated: 1 },
    ],
    ["after-ack", { before: [...once, "effect-done", "held", "acked"], after: [] }, SIX],
  ] as const)("at the moment %s", async (moment, story, account) => {
    const told = await tell("worker-kill", killWorker(moment));
    expect(told.account).toEqual(account);
    expect(around(told, "worker-1")).toEqual(story);
    expect(witnessOf(told)).toMatch(/^worker-1 \(pid \d+\) ended: killed by SIGKILL$/);
  });

  test("once what it waits for besides is so", async () => {
    let before: string[] = [];
    const told = await tell("worker-kill", async (rig) => {
      const besides = () =>
        rig.until("the other to be at work", () => rig.seen.askedBy("worker-2").length > 0);
      await rig.worker("worker-1");
      const death = rig.kill("worker-1", { at: "mid-task", besides });
      await rig.publish(6);
      await rig.worker("worker-2");
      await rig.publish(6);
      await death;
      const isFault = ({ type }: Event) => type === "fault-injected";
      before = rig.history.events.slice(0, rig.history.events.findIndex(isFault)).flatMap(asking);
    });
    expect(before).toEqual(["worker-1", "worker-2"]);
    expect(told.account).toEqual({ published: 12, confirmed: 12, completed: 12 });
  });

  test("now, wherever it is", async () => {
    const told = await tell("worker-kill", async (rig) => {
      await rig.workers(2);
      await rig.publish(6);
      await rig.until("it to be busy", () => rig.seen.unackedBy("worker-1").length > 0);
      await rig.kill("worker-1", { at: "now" });
    });
    expect([told.outcome, told.account]).toEqual(["held", SIX]);
  });
});

describe("a producer is killed", () => {
  const PRODUCER = { program: "producer.ts", args: [4, "--one-by-one"] };

  test.each([
    ["publish-held", { before: ["held"], after: ["published (dropped)"] }, { completed: 2 }],
    [
      "confirm-held",
      { before: ["published", "held"], after: ["publish-confirmed (dropped)"] },
      { completed: 2, recovered: 1 },
    ],
  ] as const)("at the moment %s", async (at, story, ends) => {
    const told = await tell("producer-kill", async (rig) => {
      await rig.killProducer("producer", PRODUCER, { at, nth: 3 });
      await rig.workers(1);
    });
    expect(told.account).toEqual({ published: 3, confirmed: 2, unknown: 1, ...ends });
    expect(around(told, "producer")).toEqual(story);
    expect(witnessOf(told)).toMatch(/^producer \(pid \d+\) ended: killed by SIGKILL$/);
  });
});

test("a connection is cut: the broker ends it, and the subject lives on", async () => {
  const told = await tell("connection-reset", async (rig) => {
    await rig.workers(1);
    await rig.publish(6);
    await rig.network.reset("worker-1", { at: "mid-task" });
  });
  // The effect that was under way is done all the same, and so is its task once more.
  expect(told.account).toEqual({ ...SIX, completed: 5, duplicated: 1 });
  expect(witnessOf(told)).toBe("the broker has ended 1 of worker-1's connections");
  const closes = told.events.filter(({ type }) => type === "connection-closed");
  expect(closes[0]).toMatchObject({ subject: "worker-1", by: "link", clean: false });
});

test.each([
  ["graceful", "broker-stop", 0],
  ["SIGKILL", "broker-kill", 137],
] as const)("a broker ends: %s", async (ending, fault, exitCode) => {
  const told = await tell(fault, async (rig) => {
    await rig.publish(6);
    await rig.broker.restart(ending);
    await rig.workers(1);
  });
  expect([told.outcome, told.account]).toEqual(["held", SIX]);
  const down = told.events.find(({ type }) => type === "broker-down");
  expect(down).toMatchObject({ exitCode, clean: ending === "graceful" });
  const boots = told.events.flatMap((event) => (event.type === "broker-up" ? [event.boot] : []));
  expect(new Set(boots).size).toBe(2);
  expect(witnessOf(told)).toBe(`exit code ${exitCode}, boot ${boots[0]} became ${boots[1]}`);
});

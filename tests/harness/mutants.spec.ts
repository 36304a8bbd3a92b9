/** Each mutant has one planted fault, and the ledger convicts it of that. The others are acquitted. */
import { expect, test } from "vitest";
import type { Rig } from "../../harness/scenario/rig.ts";
import { type Judged, judge } from "./judge.ts";

/** Kills a worker while it has its third task in hand; a correct one takes over. */
const killMidTask = (program: string) => async (rig: Rig) => {
  await rig.worker("suspect", { program });
  await rig.publish(10);
  await rig.kill("suspect", { at: "mid-task", nth: 3 });
  await rig.worker("successor");
};

/** Lets a producer do its work, and restarts the broker before anyone consumes. */
const restartBehind = (program: string) => async (rig: Rig) => {
  const producer = await rig.producer("suspect", { program, args: [10] });
  await producer.exited;
  await rig.broker.restart("graceful");
  await rig.workers(1);
};

const AT_RISK =
  "before the effect was done: a death in between loses what the broker has already forgotten.";

test("a correct worker is acquitted when it is killed", async () => {
  expect(await judge("worker-kill", killMidTask("worker.ts"))).toEqual({
    outcome: "held",
    account: { published: 10, confirmed: 10, completed: 10 },
    convictions: [],
  } satisfies Judged);
});

test("a worker that acks before working is convicted of the loss and of the risk", async () => {
  const judged = await judge("worker-kill", async (rig) => {
    await rig.worker("suspect", { program: "acks-before-working.ts" });
    await rig.publish(10);
    await rig.until("the early ack", () => rig.seen.ackedBy("suspect").length === 1);
    await rig.kill("suspect", { at: "mid-task" });
    await rig.worker("successor");
  });
  expect(judged).toEqual({
    outcome: "broken",
    account: { published: 10, confirmed: 10, completed: 9, lost: 1 },
    convictions: [
      "Lost: suspect acked 1 task (task-1) whose effect never happened. Ack only after the effect is done.",
      `suspect acked 1 task ${AT_RISK} Ack only after the effect is done.`,
    ],
  } satisfies Judged);
});

test("a worker with automatic acks is convicted of the loss, the risk and the setting", async () => {
  expect(await judge("worker-kill", killMidTask("automatic-acks.ts"))).toEqual({
    outcome: "broken",
    account: { published: 10, confirmed: 10, completed: 2, lost: 8 },
    convictions: [
      "Lost: 8 tasks (task-3, task-4, task-5, task-6, task-7 and 3 more) sent to suspect with automatic acks; the effect never happened, and the broker forgets what it sends that way. Consume with noAck: false, and ack after the effect is done.",
      `10 tasks acked automatically on the way to suspect, ${AT_RISK} Consume with noAck: false, and ack after the effect is done.`,
      "suspect took 10 messages with automatic acks, which also ignore prefetch. Consume with noAck: false.",
    ],
  } satisfies Judged);
});

test("a worker that acks twice is convicted of answering for what it does not hold", async () => {
  const { account, convictions } = await judge("none", async (rig) => {
    await rig.worker("suspect", { program: "acks-twice.ts" });
    await rig.publish(1);
  });
  expect(account).toEqual({ published: 1, confirmed: 1, completed: 1 });
  expect(convictions).toEqual([
    'suspect acked or rejected 1 delivery tag that named nothing unacked, and the broker closed the channel ("PRECONDITION_FAILED - unknown delivery tag 1"). Answer each delivery once, on the channel that it came on.',
  ]);
});

test("a worker that forgets its acks is convicted of what it leaves behind", async () => {
  const judged = await judge("none", async (rig) => {
    await rig.worker("suspect", { program: "never-acks.ts", prefetch: 3 });
    await rig.publish(10);
  });
  expect(judged).toEqual({
    outcome: "broken",
    account: { published: 10, confirmed: 10, remaining: 10 },
    convictions: [
      "Remaining: 3 tasks (task-1, task-2, task-3) delivered, but still in the queue at the end. Ack every task once its effect is done, and let a worker come back after a failure.",
      "Remaining: 7 tasks (task-4, task-5, task-6, task-7, task-8 and 2 more) still in the queue at the end, never delivered to a worker. Keep a worker consuming, and let it come back after a failure.",
      "suspect did the effect of 3 tasks and never acked the delivery, so the broker delivers again what is done. Ack after the effect, and close the channel before the connection.",
    ],
  } satisfies Judged);
});

test("a correct producer is acquitted when the broker restarts behind it", async () => {
  expect(await judge("broker-stop", restartBehind("producer.ts"))).toEqual({
    outcome: "held",
    account: { published: 10, confirmed: 10, completed: 10 },
    convictions: [],
  } satisfies Judged);
});

test("a producer of transient tasks is convicted of the loss and of the setting", async () => {
  expect(await judge("broker-stop", restartBehind("transient.ts"))).toEqual({
    outcome: "broken",
    account: { published: 10, confirmed: 10, lost: 10 },
    convictions: [
      "Lost: 10 tasks (task-1, task-2, task-3, task-4, task-5 and 5 more) confirmed by the broker, kept by no consumer, and in no queue. Publish persistent messages to a durable queue, and publish as mandatory, so that an unroutable one is returned.",
      "suspect published 10 tasks as transient to a durable queue, which forgets what is transient when the broker restarts. Publish with persistent: true.",
    ],
  } satisfies Judged);
});

test("a producer that ignores confirms is convicted of not knowing", async () => {
  const judged = await judge("none", async (rig) => {
    const producer = await rig.producer("suspect", { program: "ignores-confirms.ts", args: [10] });
    await producer.exited;
  });
  expect(judged).toEqual({
    outcome: "held",
    account: { published: 10, unknown: 10, recovered: 10 },
    convictions: [
      "suspect made 10 publishes without confirms, and cannot know whether the broker has them. Publish on a confirm channel, and wait for the confirm.",
    ],
  } satisfies Judged);
});

test("a producer that retries blindly is convicted of the duplicate", async () => {
  const judged = await judge("connection-reset", async (rig) => {
    const cut = rig.network.reset("suspect", { at: "confirm-held", nth: 3 });
    const producer = await rig.producer("suspect", { program: "retries-blindly.ts", args: [10] });
    await cut;
    await producer.exited;
    await rig.workers(1);
  });
  expect(judged).toEqual({
    outcome: "broken",
    account: { published: 10, confirmed: 10, completed: 9, duplicated: 1 },
    convictions: [
      "Duplicated: 1 task (task-3) published more than once and done more than once. A publish that was not confirmed may have been stored: make the effect idempotent by the task's id.",
    ],
  } satisfies Judged);
});

test("a producer that closes too early exits with 0, and the account has nothing of it", async () => {
  let code: number | null = null;
  const { account } = await judge("none", async (rig) => {
    const producer = await rig.producer("suspect", { program: "closes-too-early.ts", args: [10] });
    ({ code } = await producer.exited);
  });
  expect(code).toBe(0);
  expect(account).toEqual({ published: 10, unknown: 10 });
});

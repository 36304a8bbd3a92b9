/** What the link holds: where a held method stands, and what forwarding and dropping it do. */
import type { ConsumeMessage } from "amqplib";
import { describe, expect } from "vitest";
import { until, within } from "../../../harness/until.ts";
import { ack, inOneWrite, test } from "./linked.ts";

describe("a held ack", () => {
  test("forwarded: the broker has it, and nothing comes back", async ({ linked }) => {
    await linked.store("t1");
    const { landed } = linked.link.hold({ subject: "client", what: "ack" });
    const { connection } = await linked.consume(ack);
    const held = await landed;
    expect(held.tasks).toEqual(["t1"]);
    expect(linked.told("acked")).toEqual([]);
    held.forward();
    expect(linked.told("hold-ended")).toMatchObject([{ outcome: "forwarded" }]);
    expect(linked.told("acked")).toMatchObject([{ tasks: ["t1"] }]);
    await connection.close();
    expect(await linked.depth()).toBe(0);
  });

  test.for(["dropped", "cut away"])(
    "%s: the broker never has it, and the task comes back",
    async (how, { linked }) => {
      await linked.store("t1");
      const { landed } = linked.link.hold({ subject: "client", what: "ack" });
      await linked.consume(ack);
      const held = await landed;
      if (how === "dropped") held.drop();
      expect(linked.link.reset({ subject: "client" })).toBe(1);
      await linked.eventually("connection-closed");
      expect(linked.told("hold-ended")).toMatchObject([{ outcome: "dropped" }]);
      expect(linked.told("acked")).toMatchObject([{ tasks: ["t1"], dropped: true }]);
      expect(await linked.next()).toEqual({ task: "t1", redelivered: true });
    },
  );

  test("cut away: nor does the broker have the acks that stood behind it", async ({ linked }) => {
    await linked.store("t1", "t2", "t3");
    const { landed } = linked.link.hold({ subject: "client", what: "ack", nth: 2 });
    const received: ConsumeMessage[] = [];
    const all = Promise.withResolvers<void>();
    const { connection, channel } = await linked.consume((_, message) => {
      if (received.push(message) === 3) all.resolve();
    });
    await within("every delivery", all.promise);
    inOneWrite(connection, () => {
      for (const message of received) channel.ack(message);
    });
    const held = await landed;
    const answered = channel.checkQueue(linked.queue).catch(() => "lost");
    linked.link.reset({ subject: "client" });
    expect(await answered).toBe("lost");
    await linked.eventually("connection-closed");
    held.forward(); // Too late: it has no effect.
    const seen = linked.told("acked").map(({ tasks, dropped = false }) => [...tasks, dropped]);
    expect(seen).toEqual([
      ["t1", false],
      ["t2", true],
      ["t3", true],
    ]);
    expect([await linked.next(), await linked.next()].map(({ task }) => task).sort()).toEqual([
      "t2",
      "t3",
    ]);
    expect(await linked.depth()).toBe(0);
  });
});

describe("a held delivery", () => {
  test.for(["forward", "drop"] as const)(
    "%s: what the client and the broker then do",
    async (how, { linked }) => {
      await linked.store("t1", "t2");
      const { landed } = linked.link.hold({ subject: "client", what: "delivery" });
      const received: string[] = [];
      const { connection, channel } = await linked.consume((_, { properties }) => {
        received.push(properties.messageId);
      });
      const held = await landed;
      expect(held.tasks).toEqual(["t1"]);
      expect([received, await linked.depth()]).toEqual([[], 0]); // To the broker, both are delivered.
      held[how]();
      await channel.checkQueue(linked.queue); // Answered behind every delivery.
      expect(received).toEqual(how === "forward" ? ["t1", "t2"] : ["t2"]);
      expect(linked.told("delivered").map(({ dropped = false }) => dropped)).toEqual([
        how === "drop",
        false,
      ]);
      await connection.close();
      expect(await linked.next()).toEqual({ task: "t1", redelivered: true });
    },
  );
});

describe("a held publish", () => {
  test.for(["forward", "drop"] as const)(
    "%s: whether the broker has it",
    async (how, { linked }) => {
      const channel = await (await linked.openThroughLink()).createConfirmChannel();
      const hold = linked.link.hold({ subject: "client", what: "publish", task: "t2" });
      const answers: Record<string, string> = {};
      for (const task of ["t1", "t2", "t3"]) {
        // Several frames of body.
        channel.sendToQueue(
          linked.queue,
          Buffer.alloc(300_000, task),
          { messageId: task },
          (error) => {
            answers[task] = error ? "unknown" : "confirmed";
          },
        );
      }
      const held = await hold.landed;
      await until(
        "the first to be confirmed",
        linked.history,
        () => linked.told("publish-confirmed").length === 1,
      );
      expect(await linked.depth()).toBe(1);
      held[how]();
      await until("the last to be confirmed", linked.history, () => {
        return linked.told("publish-confirmed").some(({ tasks }) => tasks.includes("t3"));
      });
      expect(await linked.depth()).toBe(how === "forward" ? 3 : 2);
      const published = linked
        .told("published")
        .map(({ task, tag, dropped }) => [task, tag, dropped]);
      expect(published).toEqual([
        ["t1", 1, undefined],
        how === "forward" ? ["t2", 2, undefined] : ["t2", null, true],
        ["t3", how === "forward" ? 3 : 2, undefined],
      ]);
      if (how === "forward") await channel.waitForConfirms();
      expect(linked.told("protocol-violation")).toEqual([]);
    },
  );
});

describe("a held confirm", () => {
  test.for(["forward", "drop"] as const)(
    "%s: the broker has the message all the same",
    async (how, { linked }) => {
      const channel = await (await linked.openThroughLink()).createConfirmChannel();
      const { promise: answer, resolve } = Promise.withResolvers<string>();
      const hold = linked.link.hold({ subject: "client", what: "confirm" });
      channel.sendToQueue(linked.queue, Buffer.from("?"), { messageId: "t1" }, (error) => {
        resolve(error ? "unknown" : "confirmed");
      });
      const held = await hold.landed;
      expect(held.tasks).toEqual(["t1"]);
      expect(await linked.depth()).toBe(1);
      held[how]();
      if (how === "drop") linked.link.reset({ subject: "client" });
      expect(await within("the client's answer", answer)).toBe(
        how === "forward" ? "confirmed" : "unknown",
      );
      const confirm = { tasks: ["t1"], ...(how === "drop" ? { dropped: true } : {}) };
      expect(linked.told("publish-confirmed")).toMatchObject([confirm]);
    },
  );
});

test("holds of both directions stand side by side, and end with their connection", async ({
  linked,
}) => {
  await linked.store("t1", "t2");
  const acked = linked.link.hold({ subject: "client", what: "ack" });
  await linked.consume(ack);
  await acked.landed;
  const delivered = linked.link.hold({ subject: "client", what: "delivery" });
  await linked.store("t3");
  await delivered.landed;
  expect(linked.told("held")).toHaveLength(2);
  linked.link.reset({ subject: "client" });
  await linked.eventually("connection-closed");
  expect(linked.told("hold-ended").map(({ outcome }) => outcome)).toEqual(["dropped", "dropped"]);
});

test("200 holds in a row land on the very task that they name, under load", async ({ linked }) => {
  const tasks = Array.from({ length: 2_000 }, (_, index) => `task-${index}`);
  const wanted = tasks.filter((_, index) => index % 10 === 7);
  const holdOf = (task: string) =>
    linked.link.hold({ subject: "client", what: "ack", task }).landed;
  let landing = holdOf(wanted[0] as string);
  await linked.consume(ack);
  const storing = linked.store(...tasks);
  for (const [index, task] of wanted.entries()) {
    const held = await within(`the ack of ${task}`, landing);
    expect(held.tasks).toEqual([task]);
    const following = wanted[index + 1];
    if (following) landing = holdOf(following);
    held.forward();
  }
  await storing;
  const acks = () => linked.told("acked").flatMap(({ tasks: some }) => some);
  await until("every task to be acked", linked.history, () => acks().length === tasks.length);
  expect(acks()).toEqual(tasks);
  expect(linked.told("held").flatMap(({ tasks: some }) => some)).toEqual(wanted);
});

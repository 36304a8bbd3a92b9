/** Soaks on a real broker: exact under kills, and every planted fault told by its task's id. */
import { expect, test } from "vitest";
import { SetupError } from "../../../harness/errors.ts";
import type { Stage } from "../../../harness/faults/stage.ts";
import { ownPrograms } from "../../../harness/soak/programs.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { effectsIn, openDirectory, program, soaked } from "./soaked.ts";

const MESSAGES = 20_000;

test("of 20,000 tasks, with workers and the broker killed meanwhile, each is accounted for", async () => {
  const { boot } = await laneBroker();
  const kills = { workerKills: 4, brokerKills: 1 };
  const { verdict, kills: landed, directory } = await soaked({ messages: MESSAGES, ...kills });
  expect([verdict.outcome, verdict.reasons]).toEqual(["held", []]);
  const { completed = 0, duplicated = 0, ...rest } = verdict.account;
  expect(rest).toEqual({ published: MESSAGES, confirmed: MESSAGES });
  expect(landed).toEqual({ "worker-kill": 4, "broker-kill": 1 });
  expect((await laneBroker()).boot).not.toBe(boot);
  // What the ledger says, the workers' own record says as well.
  const times = [...effectsIn(directory).values()];
  expect(times.filter((count) => count === 1)).toHaveLength(completed);
  expect(times.filter((count) => count > 1)).toHaveLength(duplicated);
  expect(completed + duplicated).toBe(MESSAGES);
});

test("the same on a quorum queue", async () => {
  const kills = { workerKills: 1, brokerKills: 1, queueType: "quorum" } as const;
  const { verdict } = await soaked({ messages: 5_000, ...kills });
  expect([verdict.outcome, verdict.reasons]).toEqual(["held", []]);
  expect(verdict.account).toMatchObject({ published: 5_000, confirmed: 5_000 });
  expect(verdict.account).not.toHaveProperty("lost");
});

const PRODUCER = program("producer.ts", "3000");
const producer = () => PRODUCER;

test("a worker that drops one effect is told, with its task", async () => {
  const worker = program("forgets-one.ts", "task-777");
  const { verdict } = await soaked({ messages: 3_000, programs: { producer, worker } });
  expect(verdict.outcome).toBe("broken");
  expect(verdict.fates.lost).toEqual(["task-777"]);
  expect(verdict.account).toEqual({ published: 3000, confirmed: 3000, completed: 2999, lost: 1 });
});

test("a worker that does a task twice for one delivery is told, with its task", async () => {
  const worker = program("repeats-one.ts", "task-778");
  const { verdict } = await soaked({ messages: 3_000, programs: { producer, worker } });
  expect(verdict.outcome).toBe("broken");
  expect(verdict.reasons).toEqual(["Repeated: 1 task (task-778) done more often than delivered."]);
});

test("a link that swallows a delivery, which an ack of all up to a later one covers, is told", async () => {
  let swallowed: Promise<string | null> | undefined;
  const onStage = ({ link }: Stage) => {
    const { landed } = link.hold({ subject: "worker-1", what: "delivery", nth: 500 });
    swallowed = landed.then((held) => {
      held.drop();
      return held.tasks[0] ?? null;
    });
  };
  const { verdict } = await soaked({ messages: 3_000 }, { onStage });
  expect(verdict.outcome).toBe("broken");
  expect(verdict.fates.lost).toEqual([await swallowed]);
});

test("ended before its time, it finishes what was published, and its account is exact", async () => {
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error("enough"));
  const watcher = { onProgress, signal: controller.signal };
  const { verdict, isInterrupted, directory } = await soaked({ messages: MESSAGES }, watcher);
  expect([isInterrupted, verdict.outcome]).toEqual([true, "held"]);
  const { published = 0, completed = 0, recovered = 0 } = verdict.account;
  expect(published).toBeLessThan(MESSAGES);
  expect(completed + recovered).toBe(effectsIn(directory).size);
});

test("a program that ends by itself ends the soak, with what it said last", async () => {
  const worker = program("exits.ts");
  const soak = soaked({ messages: 100, programs: { ...ownPrograms(), worker } });
  await expect(soak).rejects.toThrow(
    /^worker-\d ended by itself \(exit code 4\)\. It said last:\nnothing to do here$/,
  );
});

test("a history that can't be written ends the soak, and says where", async () => {
  const directory = await openDirectory();
  directory.save("history.ndjson", "somebody else's\n");
  const failure = await soaked({ messages: 100 }, {}, directory).catch((error) => error);
  expect(failure).toBeInstanceOf(SetupError);
  expect(failure.message).toContain(`Cannot write the history to ${directory.history}: EEXIST`);
});

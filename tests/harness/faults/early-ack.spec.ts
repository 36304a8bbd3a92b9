/** A loss and a duplicate that the harness plants itself, to show that it would see another's. */
import { describe, expect, test, vi } from "vitest";
import { Link } from "../../../harness/link/link.ts";
import { eventsOf } from "./struck.ts";
import { type Body, keepRunsAside, tell, witnessOf } from "./told.ts";

keepRunsAside();

describe("a planted loss", () => {
  const lose =
    (program = {}): Body =>
    async (rig) => {
      await rig.workers(1, program);
      const [task] = await Promise.all([rig.faults.plantLoss("worker-1"), rig.publish(4)]);
      expect(task).toBe("task-1");
      await rig.worker("worker-2");
      const completed = ["task-2", "task-3", "task-4"];
      expect(await rig.fates()).toEqual({ completed, lost: ["task-1"] });
    };

  test.each([1, 3, 0])("is of exactly the task that it names, with a prefetch of %i", async (n) => {
    const told = await tell("early-ack", lose({ prefetch: n }));
    expect([told.reasons, told.account]).toEqual([
      [],
      { published: 4, confirmed: 4, completed: 3, lost: 1 },
    ]);
    expect(witnessOf(told)).toMatch(
      /^task-1 was answered by the broker behind its ack, and worker-1 \(pid \d+\) killed by SIGKILL$/,
    );
    const forged = eventsOf(told, "ack-forged");
    expect(forged).toMatchObject([{ subject: "worker-1", task: "task-1", tag: 1 }]);
    const [delivered] = eventsOf(told, "delivered");
    expect(delivered).toMatchObject({ task: "task-1", dropped: true });
    expect(eventsOf(told, "protocol-violation")).toEqual([]);
  });

  test("ten times in a row: the ack is never overtaken by the kill", async () => {
    const told = await tell("early-ack", async (rig) => {
      const lost: string[] = [];
      await rig.publish(10);
      for (let round = 1; round <= 10; round++) {
        const name = `worker-${round}`;
        const loss = rig.faults.plantLoss(name); // It is sent its tasks as soon as it consumes.
        const [task] = await Promise.all([loss, rig.worker(name, { prefetch: round })]);
        lost.push(task);
      }
      expect(await rig.fates()).toEqual({ lost });
    });
    expect(told.reasons).toEqual([]);
  });

  test("is inconclusive where the broker does not answer behind the ack", async () => {
    const forge = vi.spyOn(Link.prototype, "forgeAck").mockReturnValue(new Promise(() => {}));
    const told = await tell("early-ack", lose()).finally(() => forge.mockRestore());
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons.join()).toContain("the broker to process the ack of task-1");
    expect(witnessOf(told)).toBeUndefined();
  });

  test("is no loss, and so found out, where the ack never gets to the broker", async () => {
    const forge = vi.spyOn(Link.prototype, "forgeAck").mockResolvedValue();
    const told = await tell("early-ack", lose()).finally(() => forge.mockRestore());
    expect(told.account).toEqual({ published: 4, confirmed: 4, completed: 4 });
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons.join()).toContain("no ack was forged in the place of worker-1");
  });

  test("needs no ack of a worker with automatic acks", async () => {
    const told = await tell("early-ack", async (rig) => {
      await rig.workers(1, { program: "automatic-acks.ts", prefetch: 1 });
      const [task] = await Promise.all([rig.faults.plantLoss("worker-1"), rig.publish(1)]);
      expect(await rig.fates()).toEqual({ lost: [task] });
    });
    expect(told.reasons).toEqual([]);
    expect(witnessOf(told)).toContain("task-1 was settled by itself");
    expect(eventsOf(told, "ack-forged")).toEqual([]);
  });
});

describe("a planted duplicate", () => {
  test("is of exactly the task that it names", async () => {
    const told = await tell("worker-kill", async (rig) => {
      await rig.workers(1, { prefetch: 3 });
      await rig.publish(4);
      const task = await rig.faults.plantDuplicate("worker-1");
      await rig.worker("worker-2");
      const rest = ["task-1", "task-2", "task-3", "task-4"].filter((other) => other !== task);
      expect(await rig.fates()).toEqual({ completed: rest, duplicated: [task] });
    });
    expect(told.reasons).toEqual([]);
    expect(witnessOf(told)).toMatch(/^worker-1 \(pid \d+\) ended: killed by SIGKILL$/);
  });
});

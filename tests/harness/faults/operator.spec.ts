/** What the broker's operator can do to others: delete their queues, and close their connections. */
import { describe, expect, test, vi } from "vitest";
import { Admin } from "../../../harness/broker/admin.ts";
import { eventsOf } from "./struck.ts";
import { tampering } from "./tamper.ts";
import { type Body, keepRunsAside, tell, witnessOf } from "./told.ts";

vi.mock("../../../harness/broker/evaluate.ts", async (original) =>
  (await import("./tamper.ts")).tamperable(await original()),
);

keepRunsAside();

describe("a queue's deletion", () => {
  const remove: Body = async (rig) => {
    await rig.publish(2);
    await rig.broker.deleteQueue("tasks");
  };

  test("takes what is in the queue with it", async () => {
    const told = await tell("queue-deletion", remove);
    const account = { published: 2, confirmed: 2, lost: 2 };
    expect([told.reasons, told.account]).toEqual([[], account]);
    expect(witnessOf(told)).toBe("a bystander was told that there is no queue tasks");
    expect(eventsOf(told, "drain-finished")).toMatchObject([{ queue: "tasks", gone: true }]);
  });

  test("is inconclusive where the queue stays", async () => {
    const deleteQueue = vi.spyOn(Admin.prototype, "deleteQueue").mockResolvedValue();
    const told = await tell("queue-deletion", remove).finally(() => deleteQueue.mockRestore());
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons).toEqual(["The queue tasks is still there after its deletion"]);
    expect(witnessOf(told)).toBeUndefined();
  });

  test("is refused for a queue that is not there", async () => {
    const told = await tell("queue-deletion", async (rig) => {
      await rig.publish(1);
      await rig.broker.deleteQueue("nowhere");
    });
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons.join()).toContain("was refused: 404");
  });
});

describe("a closure of connections", () => {
  const FAULT = "connection-closure";

  /** A producer and a consumer, and another of each. */
  const four: Body = async (rig) => {
    await rig.publish(1);
    for (const name of ["producer", "other-producer"]) await rig.channel(name);
    for (const name of ["consumer", "other-consumer"]) await rig.consumer(name);
  };

  test.for(["producer", "consumer"])("ends those of a %s, and no others", async (subject) => {
    const told = await tell(FAULT, async (rig) => {
      await four(rig);
      await rig.broker.closeConnections(subject);
      expect(rig.seen.endedOf(subject)).toHaveLength(1);
      const others = ["producer", "other-producer", "consumer", "other-consumer", "publisher"];
      expect(others.filter((name) => rig.seen.endedOf(name).length > 0)).toEqual([subject]);
    });
    const account = { published: 1, confirmed: 1, remaining: 1 };
    expect([told.reasons, told.account]).toEqual([[], account]);
    expect(witnessOf(told)).toBe(`connections of ${subject} that the broker closed with 320: 1`);
  });

  test("finds a program's connections by what it consumes under", async () => {
    const told = await tell(FAULT, async (rig) => {
      await rig.workers(2);
      await rig.publish(6);
      await rig.broker.closeConnections("worker-2", { at: "mid-task" });
      expect(rig.seen.endedOf("worker-1")).toEqual([]);
    });
    const account = { published: 6, confirmed: 6, completed: 5, duplicated: 1 };
    expect([told.reasons, told.account]).toEqual([[], account]);
  });

  test("is inconclusive where they stay open", async () => {
    const told = await tampering(
      "rabbit_networking:close_connection",
      "(fun(_, _) -> ok end)",
      () =>
        tell(FAULT, async (rig) => {
          await four(rig);
          await rig.broker.closeConnections("producer");
        }),
    );
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons.join()).toContain(
      "the broker to close connections of producer: 1, in vain",
    );
    expect(witnessOf(told)).toBeUndefined();
  });

  test("is refused for a subject that the broker does not know", async () => {
    const told = await tell(FAULT, async (rig) => {
      await rig.publish(1);
      await rig.broker.closeConnections("nobody");
    });
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons).toEqual(["The broker knows no connection of nobody"]);
  });
});

/** A queue's own process crashes, and its supervisor starts another. */
import { expect, test, vi } from "vitest";
import { tampering } from "./tamper.ts";
import { keepRunsAside, tell, witnessOf } from "./told.ts";

vi.mock("../../../harness/broker/evaluate.ts", async (original) =>
  (await import("./tamper.ts")).tamperable(await original()),
);

keepRunsAside();

const FAULT = "queue-crash";
const FOUR = { published: 4, confirmed: 4, remaining: 4 };

test.for(["classic", "quorum"] as const)(
  "a %s queue's process ends, and comes again",
  async (type) => {
    const told = await tell(FAULT, async (rig) => {
      await rig.declare("crashing", { type });
      await rig.publish(2, { queue: "crashing" });
      await rig.broker.crashQueue("crashing", { times: 2 });
      await rig.publish(2, { queue: "crashing" });
    });
    expect([told.reasons, told.account]).toEqual([[], FOUR]);
    expect(witnessOf(told)).toBe("crashing: its process was killed 2 times, and it runs again");
  },
);

test("a stuck process takes nothing in before it ends", async () => {
  const told = await tell(FAULT, async (rig) => {
    await rig.publish(2);
    let publishing: Promise<unknown> | undefined;
    await rig.broker.crashQueue("tasks", {
      whileStuck: async () => {
        publishing = rig.publish(2);
        await rig.until("both to be sent", () => rig.seen.publishedBy("publisher").length === 4);
      },
    });
    await publishing;
  });
  const account = { published: 4, confirmed: 2, refused: 2, remaining: 2 };
  expect([told.reasons, told.account]).toEqual([[], account]);
});

test("a crash of nothing is inconclusive", async () => {
  const told = await tampering("exit(Pid, kill)", "ok", () =>
    tell(FAULT, async (rig) => {
      await rig.publish(1);
      await rig.broker.crashQueue("tasks");
    }),
  );
  expect(told.outcome).toBe("inconclusive");
  expect(told.reasons).toEqual(["tasks crashed 0 of 1 times: {[alive],gone}"]);
  expect(witnessOf(told)).toBeUndefined();
});

test("a queue that is not there can't crash", async () => {
  const told = await tell(FAULT, async (rig) => {
    await rig.publish(1);
    await rig.broker.crashQueue("nowhere");
  });
  expect(told.outcome).toBe("inconclusive");
  expect(told.reasons.join()).toContain("not_found");
});

/** SIGSTOP: a subject that stands still, as on a frozen machine, until it goes on. */
import { expect, test, vi } from "vitest";
import { Subject } from "../../../harness/workers/subject.ts";
import { eventsOf } from "./struck.ts";
import { keepRunsAside, SIX, tell, witnessOf } from "./told.ts";

keepRunsAside();

const STILL = /^processes of worker-1 \(pid \d+\) that stand still: 1$/;

/** A heartbeat of one second: the broker gives up after two or three. */
const BEATING = { heartbeat: 1 };

test("for a moment: it does nothing meanwhile, and then goes on as if nothing had been", async () => {
  const told = await tell("worker-pause", async (rig) => {
    await rig.workers(1);
    await rig.publish(6);
    const suspension = await rig.faults.suspend("worker-1", { at: "mid-task" });
    expect(rig.subject("worker-1").state).toBe("paused");
    rig.open();
    const [channel] = [await rig.channel("clock")];
    for (let round = 0; round < 50; round++) await channel.checkQueue("tasks"); // Time for an ack.
    expect(rig.seen.ackedBy("worker-1")).toEqual([]);
    await suspension.heal();
    await suspension.heal();
    await rig.until("it to go on", () => rig.seen.ackedBy("worker-1").length === 6);
  });
  expect([told.reasons, told.account]).toEqual([[], SIX]);
  expect(witnessOf(told)).toMatch(STILL);
  expect(eventsOf(told, "fault-healed")).toHaveLength(1);
  expect(eventsOf(told, "process-signalled").map(({ signal }) => signal)).toEqual([
    "SIGSTOP",
    "SIGCONT",
    "SIGTERM",
  ]);
});

test.each([
  // It has never had the task.
  ["delivered", SIX],
  // Its effect happens once it goes on, and another worker's has happened already.
  ["mid-task", { ...SIX, completed: 5, duplicated: 1 }],
  // Its ack was on its way, and freed it for the next task, which it does when it goes on.
  ["ack-held", { ...SIX, completed: 5, duplicated: 1 }],
] as const)(
  "past the heartbeat, %s: the broker gives it up, and others take over",
  async (at, account) => {
    const told = await tell("worker-pause", async (rig) => {
      await rig.workers(2, BEATING);
      const stop = rig.faults.suspend("worker-1", { at });
      const [suspension] = await Promise.all([stop, rig.publish(6)]);
      await suspension.givenUp();
      rig.open();
      const others = () => rig.seen.ackedBy("worker-2").length;
      await rig.until("the others to do the rest", () => others() === (at === "ack-held" ? 5 : 6));
      await suspension.heal();
      await rig.until("it to be back", () => rig.seen.consumingOn("worker-1").length === 2);
    });
    expect([told.reasons, told.account]).toEqual([[], account]);
    expect(witnessOf(told)).toMatch(STILL);
    const [close] = eventsOf(told, "connection-closed").filter(
      ({ subject }) => subject === "worker-1",
    );
    expect(close).toMatchObject({ by: "broker", clean: false });
  },
);

test("is healed by the account, where nobody has", async () => {
  const told = await tell("worker-pause", async (rig) => {
    await rig.workers(1);
    await rig.publish(6);
    await rig.faults.suspend("worker-1", { at: "mid-task" });
  });
  expect([told.reasons, told.account]).toEqual([[], SIX]);
});

test("is inconclusive where the subject does not stand still", async () => {
  const signal = vi.spyOn(Subject.prototype, "signal").mockReturnValue();
  const told = await tell("worker-pause", async (rig) => {
    await rig.workers(1);
    await rig.publish(6);
    try {
      await rig.faults.suspend("worker-1", { at: "mid-task" });
    } finally {
      signal.mockRestore();
    }
  }).finally(() => signal.mockRestore());
  expect(told.outcome).toBe("inconclusive");
  expect(told.reasons.join()).toContain("worker-1 to stand still, in vain; last seen: states: S");
  expect(witnessOf(told)).toBeUndefined();
});

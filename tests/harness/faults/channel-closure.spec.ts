/** A channel that the broker closes under a subject: by its own protocol, for a failed precondition. */
import { expect, test, vi } from "vitest";
import { Link } from "../../../harness/link/link.ts";
import { eventsOf } from "./struck.ts";
import { type Body, keepRunsAside, SIX, tell, witnessOf } from "./told.ts";

keepRunsAside();

const CLOSED =
  /^channels that the broker closed: 1, by 406 PRECONDITION_FAILED - .*closed by ackproof/;

const close =
  (at: "now" | "delivered" | "mid-task" | "ack-held" | "after-ack", peers = 1): Body =>
  async (rig) => {
    await rig.workers(peers);
    await rig.publish(6);
    await rig.faults.closeChannels("worker-1", { at, nth: 2 });
  };

test.each([
  // Where it stands by then, or whether it begins before it is told, is chance: at most one is again.
  ["now", undefined],
  ["delivered", undefined],
  ["mid-task", { ...SIX, completed: 5, duplicated: 1 }],
  ["ack-held", { ...SIX, completed: 5, duplicated: 1 }],
  ["after-ack", undefined],
] as const)(
  "at the moment %s: the broker closes it, and the connection stays",
  async (at, account) => {
    const told = await tell("channel-closure", close(at));
    expect(told.reasons).toEqual([]);
    if (account) expect(told.account).toEqual(account);
    expect(told.account.lost).toBeUndefined();
    expect(witnessOf(told)).toMatch(CLOSED);
    expect(eventsOf(told, "channel-closed").filter(({ by }) => by === "broker")).toMatchObject([
      { subject: "worker-1", code: 406 },
    ]);
    const connections = eventsOf(told, "connection-opened").filter(
      ({ subject }) => subject === "worker-1",
    );
    expect(connections).toHaveLength(1);
  },
);

test("no other subject's channel is closed, though its consumers bear the same names", async () => {
  const told = await tell("channel-closure", async (rig) => {
    for (const name of ["one", "other"]) await rig.consumer(name);
    await rig.publish(1);
    await rig.faults.closeChannels("one");
    expect(rig.seen.closedByBroker("other")).toEqual([]);
    expect(rig.seen.closedByBroker("one")).toHaveLength(1);
  });
  expect(told.reasons).toEqual([]);
});

test("a second closure is of the channel that the worker consumes on by then", async () => {
  const told = await tell("channel-closure", async (rig) => {
    await close("mid-task")(rig);
    await rig.until("it to consume again", () => rig.seen.consumingOn("worker-1").length === 2);
    await rig.faults.closeChannels("worker-1");
  });
  expect(told.reasons).toEqual([]);
  expect(eventsOf(told, "fault-witnessed")).toHaveLength(2);
});

test("is inconclusive where it stays open", async () => {
  const provoke = vi.spyOn(Link.prototype, "provokeClose").mockReturnValue();
  const told = await tell("channel-closure", close("mid-task")).finally(() =>
    provoke.mockRestore(),
  );
  expect(told.outcome).toBe("inconclusive");
  expect(told.reasons.join()).toContain("the broker to close channels of worker-1: 1, in vain");
  expect(witnessOf(told)).toBeUndefined();
});

test("is refused for a subject that does not consume", async () => {
  const told = await tell("channel-closure", async (rig) => {
    await rig.publish(1);
    await rig.faults.closeChannels("nobody");
  });
  expect(told.reasons).toEqual(["nobody has no channel with a consumer"]);
});

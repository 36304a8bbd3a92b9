/** A network fault that strikes nothing proves nothing, and what can't be done is refused. */
import { expect, test } from "vitest";
import type { Network } from "../../../harness/faults/network.ts";
import type { NetworkFault } from "../../../harness/history/event.ts";
import { EVERYONE } from "../../../harness/history/event.ts";
import { eventsOf } from "./struck.ts";
import { keepRunsAside, tell, witnessOf } from "./told.ts";

keepRunsAside();

/** Faults that strike what passes while they last. */
const LASTING: [NetworkFault, (network: Network) => Promise<{ heal(): void }>][] = [
  ["stall", (network) => network.stall("worker-1")],
  ["half-open", (network) => network.halfOpen("worker-1")],
  ["latency", (network) => network.delay("worker-1", { by: 50 })],
  ["bandwidth", (network) => network.throttle("worker-1", { bytesPerSecond: 100 })],
  ["cut-after", (network) => network.cutAfter("worker-1", { bytes: 10 })],
  ["connection-refusal", (network) => network.refuse("worker-1")],
];

test.for(LASTING)("%s, healed before anything passed", async ([fault, inject]) => {
  const told = await tell(fault, async (rig) => {
    await rig.workers(1);
    await rig.publish(1);
    await rig.until("it to be mid-task", () => rig.seen.askedBy("worker-1").length === 1);
    (await inject(rig.network)).heal();
  });
  expect(told.outcome).toBe("inconclusive");
  expect(told.account).toEqual({ published: 1, confirmed: 1, completed: 1 });
  expect(told.reasons).toContain(
    `The experiment declares the fault ${fault}, and it never landed.`,
  );
  expect(told.reasons).toContain(
    `Fault 1 (${fault} of worker-1): nothing of worker-1 passed while it lasted.`,
  );
  expect([witnessOf(told), eventsOf(told, "impaired")]).toEqual([undefined, []]);
  expect(eventsOf(told, "connection-opened").filter(isWorkers)).toHaveLength(1); // Unharmed.
});

test("cut after more bytes than pass", async () => {
  const told = await tell("cut-after", async (rig) => {
    await rig.workers(1);
    await rig.publish(1);
    await rig.network.cutAfter("worker-1", { bytes: 1_000_000 });
  });
  expect(told.outcome).toBe("inconclusive");
  expect(told.reasons.join()).toContain("nothing of worker-1 passed while it lasted");
});

/** What no network can do, or what is about nobody; and how it is refused. */
const ORDERS: [string, (network: Network) => Promise<unknown>][] = [
  ["A delay takes time, and its jitter too: 0 ± 0 ms is none", (it) => it.delay("w", { by: 0 })],
  ["-5 ± 10 ms is none", (it) => it.delay("w", { by: -5, jitter: 10 })],
  ["NaN ± 0 ms is none", (it) => it.delay("w", { by: Number.NaN })],
  ["A delay is at most 1000 ms, not 1001", (it) => it.delay("w", { by: 900, jitter: 101 })],
  ["1 byte per second or more, not 0", (it) => it.throttle("w", { bytesPerSecond: 0 })],
  ["a whole number of bytes, not -1", (it) => it.cutAfter("w", { bytes: -1 })],
  ["a whole number of bytes, not 1.5", (it) => it.cutAfter("w", { bytes: 1.5 })],
  ["no frame stands that could be torn", (it) => it.tear("w", { at: "now" })],
  ["one subject's: name it", (it) => it.stall(EVERYONE, { at: "ack-held" })],
  ["w had no connection to break off", (it) => it.reset("w")],
  ["w had no connection to break off", (it) => it.close("w")],
];

test("what can't be done is refused, in words that say why", async () => {
  const refusals: string[] = [];
  const told = await tell("none", async ({ network }) => {
    for (const [, order] of ORDERS) {
      refusals.push(await order(network).then(String, (error: Error) => error.message));
    }
  });
  expect(refusals).toEqual(ORDERS.map(([words]) => expect.stringContaining(words)));
  expect(eventsOf(told, "fault-witnessed")).toEqual([]);
});

function isWorkers({ subject }: { subject: string }): boolean {
  return subject === "worker-1";
}

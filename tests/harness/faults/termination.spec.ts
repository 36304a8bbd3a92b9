/** SIGTERM, as a deployment sends it, and how a subject then leaves. */
import { expect, test, vi } from "vitest";
import type { Rig } from "../../../harness/scenario/rig.ts";
import { Subject } from "../../../harness/workers/subject.ts";
import { eventsOf } from "./struck.ts";
import { type Body, keepRunsAside, SIX, tell, witnessOf } from "./told.ts";

keepRunsAside();

const DRAIN = 5_000;

/** Two workers, of which the first is asked to leave. */
async function terminate(
  rig: Rig,
  at: "now" | "delivered" | "mid-task" | "ack-held" | "after-ack",
) {
  await rig.workers(2);
  if (at === "now") {
    await rig.publish(2); // One for each: a fault needs traffic before it.
    await rig.until("it to be busy", () => rig.seen.askedBy("worker-1").length > 0);
  }
  const leaving = rig.faults.terminate("worker-1", { at, drain: DRAIN });
  const [how] = await Promise.all([leaving, rig.publish(at === "now" ? 4 : 6)]);
  return how;
}

test.each(["now", "delivered", "mid-task", "ack-held", "after-ack"] as const)(
  "at the moment %s: a worker finishes what it holds, and exits by itself",
  async (at) => {
    const told = await tell("worker-term", async (rig) => {
      const { exit, inTime, took } = await terminate(rig, at);
      expect([exit, inTime]).toEqual([{ code: 0, signal: null }, true]);
      expect(took).toBeLessThan(DRAIN);
    });
    expect([told.reasons, told.account]).toEqual([[], SIX]);
    expect(witnessOf(told)).toMatch(/^worker-1 \(pid \d+\) was asked to leave: exit code 0$/);
    expect(
      eventsOf(told, "process-signalled")
        .map(({ signal }) => signal)
        .slice(0, 1),
    ).toEqual(["SIGTERM"]);
  },
);

/** A program under the contract that does not listen to SIGTERM, whatever it runs. */
const DEAF = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1e6);`;

test("one that does not go is killed at its deadline, and that is told", async () => {
  const told = await tell("worker-term", async (rig) => {
    const imports = `import(${JSON.stringify(`${process.cwd()}/fixtures/workers/worker.ts`)});`;
    const source = `${imports} process.removeAllListeners("SIGTERM"); ${DEAF}
      process.once = new Proxy(process.once, { apply: (once, self, [name, ...rest]) =>
        name === "SIGTERM" ? self : once.call(self, name, ...rest) });`;
    await rig.worker("worker-1", { command: [process.execPath, "-e", source] });
    const leaving = rig.faults.terminate("worker-1", { at: "mid-task", drain: 300 });
    const [how] = await Promise.all([leaving, rig.publish(6)]);
    expect(how).toMatchObject({ exit: { code: null, signal: "SIGKILL" }, inTime: false });
    expect(how.took).toBeGreaterThanOrEqual(300);
    await rig.worker("worker-2");
  });
  expect(told.reasons).toEqual([]);
  expect(witnessOf(told)).toMatch(/was asked to leave: still there after 300 ms$/);
  const signals = eventsOf(told, "process-signalled").filter(
    ({ subject }) => subject === "worker-1",
  );
  expect(signals.map(({ signal }) => signal)).toEqual(["SIGTERM", "SIGKILL"]);
});

test("a shell that runs a worker may go first: the worker has its time all the same", async () => {
  const told = await tell("worker-term", async (rig) => {
    const worker = `"${process.execPath}" "${process.cwd()}/fixtures/workers/worker.ts"`;
    await rig.worker("worker-1", { command: ["sh", "-c", `${worker}; true`] });
    const leaving = rig.faults.terminate("worker-1", { at: "mid-task", drain: DRAIN });
    const [how] = await Promise.all([leaving, rig.publish(6)]);
    expect(how).toMatchObject({ exit: { code: null, signal: "SIGTERM" }, inTime: true });
    expect(rig.seen.ackedBy("worker-1")).toEqual(["task-1"]);
    expect(rig.subject("worker-1").left).toBe(0);
    await rig.worker("worker-2");
  });
  expect([told.reasons, told.account]).toEqual([[], SIX]);
});

const gone: Body = async (rig) => {
  await terminate(rig, "mid-task");
};

test("is inconclusive where nothing is sent to it", async () => {
  const signal = vi.spyOn(Subject.prototype, "signal").mockImplementation(() => {
    throw new Error("worker-1 was sent nothing");
  });
  const told = await tell("worker-term", gone).finally(() => signal.mockRestore());
  expect(told.outcome).toBe("inconclusive");
  expect(witnessOf(told)).toBeUndefined();
});

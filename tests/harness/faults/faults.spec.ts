/** Each fault is tested for its effect, at each moment, by the witnesses' own words. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Broker } from "../../../harness/broker/broker.ts";
import type { Event, FaultName } from "../../../harness/history/event.ts";
import type { Account } from "../../../harness/ledger/account.ts";
import { Link } from "../../../harness/link/link.ts";
import { type Experiment, experiment } from "../../../harness/scenario/experiment.ts";
import type { Rig } from "../../../harness/scenario/rig.ts";
import { Subject } from "../../../harness/workers/subject.ts";
import { laneBroker } from "../lane.ts";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "ackproof-faults-"));
  process.env.ACKPROOF_DIR = directory;
});

afterAll(() => {
  delete process.env.ACKPROOF_DIR;
  rmSync(directory, { recursive: true });
});

type Body = (rig: Rig) => Promise<void>;
type Told = Experiment & { events: readonly Event[] };

async function tell(fault: FaultName | "none", body: Body): Promise<Told> {
  const broker = await laneBroker();
  const options = { broker, queueType: "classic", title: "a fault", rerun: "nothing" } as const;
  let events: readonly Event[] = [];
  const told = await experiment({ ...options, fault }, async ({ rig }) => {
    events = rig.history.events;
    await body(rig);
  });
  return { ...told, events };
}

/** What the witnesses say of a task at a subject, before and after the first fault. */
function around({ events }: Told, subject: string) {
  const fault = events.findIndex(({ type }) => type === "fault-injected");
  const injected = events[fault];
  if (injected?.type !== "fault-injected") throw new Error("No fault was injected");
  const isAbout = (event: Event) =>
    "subject" in event &&
    event.subject === subject &&
    (("task" in event && event.task === injected.task) ||
      ("tasks" in event && event.tasks.some((task) => task === injected.task)));
  const words = (some: readonly Event[]) =>
    some
      .filter(isAbout)
      .map((event) => ("dropped" in event ? `${event.type} (dropped)` : event.type));
  return { before: words(events.slice(0, fault)), after: words(events.slice(fault + 1)) };
}

function witnessOf({ events }: Told): string | undefined {
  const found = events.find(({ type }) => type === "fault-witnessed");
  return found?.type === "fault-witnessed" ? found.evidence : undefined;
}

const SIX: Account = { published: 6, confirmed: 6, completed: 6 };

/** Six tasks and two workers, the first of which is killed. */
const killWorker =
  (at: "delivered" | "mid-task" | "ack-held" | "after-ack" | "now"): Body =>
  async (rig) => {
    await rig.workers(2);
    await rig.publish(6);
    await rig.kill("worker-1", { at, nth: 2 });
  };

describe("a worker is killed", () => {
  const once = ["delivered", "effect-requested"];

  test.each([
    ["delivered", { before: ["held"], after: ["delivered (dropped)"] }, SIX],
    ["mid-task", { before: once, after: ["effect-abandoned"] }, SIX],
    [
      "ack-held",
      { before: [...once, "effect-done", "held"], after: ["acked (dropped)"] },
      { ...SIX, completed: 5, duplicated: 1 },
    ],
    ["after-ack", { before: [...once, "effect-done", "held", "acked"], after: [] }, SIX],
  ] as const)("at the moment %s", async (moment, story, account) => {
    const told = await tell("worker-kill", killWorker(moment));
    expect(told.account).toEqual(account);
    expect(around(told, "worker-1")).toEqual(story);
    expect(witnessOf(told)).toMatch(/^worker-1 \(pid \d+\) ended: killed by SIGKILL$/);
  });

  test("now, wherever it is", async () => {
    const told = await tell("worker-kill", async (rig) => {
      await rig.workers(2);
      await rig.publish(6);
      await rig.until("it to be busy", () => rig.unackedBy("worker-1").length > 0);
      await rig.kill("worker-1", { at: "now" });
    });
    expect([told.outcome, told.account]).toEqual(["held", SIX]);
  });
});

describe("a producer is killed", () => {
  const PRODUCER = { program: "producer.ts", args: [4, "--one-by-one"] };

  test.each([
    ["publish-held", { before: ["held"], after: ["published (dropped)"] }, { completed: 2 }],
    [
      "confirm-held",
      { before: ["published", "held"], after: ["publish-confirmed (dropped)"] },
      { completed: 2, recovered: 1 },
    ],
  ] as const)("at the moment %s", async (at, story, ends) => {
    const told = await tell("producer-kill", async (rig) => {
      await rig.killProducer("producer", PRODUCER, { at, nth: 3 });
      await rig.workers(1);
    });
    expect(told.account).toEqual({ published: 3, confirmed: 2, unknown: 1, ...ends });
    expect(around(told, "producer")).toEqual(story);
    expect(witnessOf(told)).toMatch(/^producer \(pid \d+\) ended: killed by SIGKILL$/);
  });
});

test("a connection is cut: the broker ends it, and the subject lives on", async () => {
  const told = await tell("connection-cut", async (rig) => {
    await rig.workers(1);
    await rig.publish(6);
    await rig.cut("worker-1", { at: "mid-task" });
  });
  // The effect that was under way is done all the same, and so is its task once more.
  expect(told.account).toEqual({ ...SIX, completed: 5, duplicated: 1 });
  expect(witnessOf(told)).toBe("the broker has ended 1 of worker-1's connections");
  const closes = told.events.filter(({ type }) => type === "connection-closed");
  expect(closes[0]).toMatchObject({ subject: "worker-1", by: "link", clean: false });
});

test.each([
  ["graceful", "broker-stop", 0],
  ["SIGKILL", "broker-kill", 137],
] as const)("a broker ends: %s", async (ending, fault, exitCode) => {
  const told = await tell(fault, async (rig) => {
    await rig.publish(6);
    await rig.restartBroker(ending);
    await rig.workers(1);
  });
  expect([told.outcome, told.account]).toEqual(["held", SIX]);
  const down = told.events.find(({ type }) => type === "broker-down");
  expect(down).toMatchObject({ exitCode, clean: ending === "graceful" });
  const boots = told.events.flatMap((event) => (event.type === "broker-up" ? [event.boot] : []));
  expect(new Set(boots).size).toBe(2);
  expect(witnessOf(told)).toBe(`exit code ${exitCode}, boot ${boots[0]} became ${boots[1]}`);
});

describe("a fault that does nothing turns the experiment inconclusive:", () => {
  /** Runs an experiment with one method of the harness replaced. */
  async function sabotaged<T extends object>(
    target: T,
    methods: Partial<T>,
    fault: FaultName,
    body: Body,
  ): Promise<Told> {
    const names = Object.keys(methods) as (keyof T)[];
    const own = Object.getOwnPropertyDescriptors(target) as Record<keyof T, PropertyDescriptor>;
    Object.assign(target, methods);
    try {
      return await tell(fault, body);
    } finally {
      for (const name of names) {
        delete target[name];
        if (own[name]) Object.defineProperty(target, name, own[name]);
      }
    }
  }

  function expectInconclusive(told: Told, reason: string): void {
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons.join()).toContain(reason);
    expect(told.error?.message).toContain("INCONCLUSIVE: a fault");
    expect(witnessOf(told)).toBeUndefined();
  }

  test("a worker's kill", async () => {
    const kill = async () => {};
    const body = killWorker("mid-task");
    const told = await sabotaged(Subject.prototype, { kill }, "worker-kill", body);
    expectInconclusive(told, "outlived its kill");
  });

  test("a cut", async () => {
    const told = await sabotaged(
      Link.prototype,
      { cut: () => 0 },
      "connection-cut",
      async (rig) => {
        await rig.workers(1);
        await rig.publish(6);
        await rig.cut("worker-1", { at: "mid-task" });
      },
    );
    expectInconclusive(told, "worker-1 had no connection to cut");
  });

  const death = (broker: Broker) => ({ boot: broker.boot, exitCode: 137, clean: false });

  test("a broker's kill", async () => {
    const broker = await laneBroker();
    const kill = async () => death(broker);
    const told = await sabotaged(broker, { kill }, "broker-kill", async (rig) => {
      await rig.publish(6);
      await rig.restartBroker("SIGKILL");
    });
    expectInconclusive(told, "The broker is running; this needs one that is down");
  });

  test("a broker's kill and its start", async () => {
    const broker = await laneBroker();
    const methods = { kill: async () => death(broker), start: async () => {} };
    const told = await sabotaged(broker, methods, "broker-kill", async (rig) => {
      await rig.publish(6);
      await rig.restartBroker("SIGKILL");
    });
    expectInconclusive(told, "The broker kept its boot id");
  });
});

describe("an experiment that does not do what it declares is inconclusive:", () => {
  const quiet: Body = async (rig) => {
    await rig.workers(1);
    await rig.publish(6);
  };

  test("it declares a fault and injects none", async () => {
    const told = await tell("worker-kill", quiet);
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons).toEqual([
      "The experiment declares the fault worker-kill, and it never landed.",
    ]);
  });

  test("it declares none and injects one", async () => {
    const told = await tell("none", killWorker("mid-task"));
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons.join()).toContain("The experiment declares no fault");
  });

  test("it injects another one", async () => {
    const told = await tell("connection-cut", killWorker("mid-task"));
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons.join()).toContain("declares the fault connection-cut, and it never landed");
  });

  test("it does as it declares, and holds", async () => {
    const told = await tell("none", quiet);
    expect([told.outcome, told.reasons, told.account]).toEqual(["held", [], SIX]);
  });
});

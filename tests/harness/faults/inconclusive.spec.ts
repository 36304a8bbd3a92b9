/** A fault that did not land proves nothing, and the experiment says so. */
import { describe, expect, test } from "vitest";
import type { Broker } from "../../../harness/broker/broker.ts";
import type { FaultName } from "../../../harness/history/event.ts";
import { Link } from "../../../harness/link/link.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { Subject } from "../../../harness/workers/subject.ts";
import { type Body, keepRunsAside, killWorker, SIX, type Told, tell, witnessOf } from "./told.ts";

keepRunsAside();

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
      { reset: () => 0 },
      "connection-reset",
      async (rig) => {
        await rig.workers(1);
        await rig.publish(6);
        await rig.network.reset("worker-1", { at: "mid-task" });
      },
    );
    expectInconclusive(told, "worker-1 had no connection to break off");
  });

  const death = (broker: Broker) => ({ boot: broker.boot, exitCode: 137, clean: false });

  test("a broker's kill", async () => {
    const broker = await laneBroker();
    const kill = async () => death(broker);
    const told = await sabotaged(broker, { kill }, "broker-kill", async (rig) => {
      await rig.publish(6);
      await rig.broker.restart("SIGKILL");
    });
    expectInconclusive(told, "The broker is running; this needs one that is down");
  });

  test("a broker's kill and its start", async () => {
    const broker = await laneBroker();
    const methods = { kill: async () => death(broker), start: async () => {} };
    const told = await sabotaged(broker, methods, "broker-kill", async (rig) => {
      await rig.publish(6);
      await rig.broker.restart("SIGKILL");
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
    const told = await tell("connection-reset", killWorker("mid-task"));
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons.join()).toContain(
      "declares the fault connection-reset, and it never landed",
    );
  });

  test("it does as it declares, and holds", async () => {
    const told = await tell("none", quiet);
    expect([told.outcome, told.reasons, told.account]).toEqual(["held", [], SIX]);
  });
});

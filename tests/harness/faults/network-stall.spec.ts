/** A stalled network: bytes wait until it is healed, on a real broker. */
import { describe, expect, test } from "vitest";
import { EVERYONE } from "../../../harness/history/event.ts";
import { busy, connectionsOf, eventsOf, struckOf, TASKS, untilStruck } from "./struck.ts";
import { keepRunsAside, SIX, tell, witnessOf } from "./told.ts";

keepRunsAside();

describe("a stall", () => {
  test("keeps acks from the broker; healed, they arrive in order, and nothing is lost", async () => {
    const told = await tell("stall", async (rig) => {
      await busy(rig);
      const stall = await rig.network.stall("worker-1", { towards: "broker" });
      rig.open();
      await untilStruck(rig);
      expect(rig.seen.effectsOf("worker-1")).toEqual(["task-1"]);
      expect(rig.seen.ackedBy("worker-1")).toEqual([]);
      stall.heal();
      await rig.account();
      expect(rig.seen.ackedBy("worker-1")).toEqual(TASKS);
    });
    expect([told.reasons, told.account]).toEqual([[], SIX]);
    expect(witnessOf(told)).toMatch(/^21 bytes from worker-1 \(connection \d+\) wait$/);
    expect(eventsOf(told, "fault-healed")).toMatchObject([{ fault: "stall", injection: 1 }]);
    expect(connectionsOf(told, "worker-1")).toBe(1); // It never noticed.
  });

  test("at the moment of an ack keeps this very ack", async () => {
    const told = await tell("stall", async (rig) => {
      await busy(rig);
      const stall = await rig.network.stall("worker-1", { at: "ack-held", nth: 2 });
      expect(rig.seen.ackedBy("worker-1")).toEqual(["task-1"]);
      stall.heal();
    });
    expect([told.reasons, told.account]).toEqual([[], SIX]);
    expect(witnessOf(told)).toMatch(/^21 bytes from worker-1 \(connection \d+\) wait$/);
    expect(eventsOf(told, "hold-ended")).toMatchObject([{ outcome: "forwarded" }]);
  });

  test("towards the client, at the moment of an ack, keeps the next delivery, not the ack", async () => {
    const told = await tell("stall", async (rig) => {
      await busy(rig);
      await rig.network.stall("worker-1", { at: "ack-held", towards: "client" });
      await untilStruck(rig);
      expect(rig.seen.ackedBy("worker-1")).toEqual(["task-1"]);
      expect(rig.seen.deliveredTo("worker-1")).toEqual(["task-1"]);
    }); // The account heals it.
    expect([told.reasons, told.account]).toEqual([[], SIX]);
    expect(witnessOf(told)).toMatch(/^\d+ bytes to worker-1 \(connection \d+\) wait$/);
  });

  test("of one worker leaves its peer alone; of one connection, too", async () => {
    const told = await tell("stall", async (rig) => {
      await rig.workers(2);
      const [{ connection = 0 } = {}] = eventsOf(rig.history, "consuming").filter(
        ({ subject }) => subject === "worker-1",
      );
      await rig.network.stall({ subject: "worker-1", connection });
      await rig.publish(6);
      rig.open();
      await untilStruck(rig);
      await rig.until("its peer to do the rest", () => rig.seen.ackedBy("worker-2").length === 5);
    });
    expect([told.reasons, told.account]).toEqual([[], SIX]);
    const [injected] = eventsOf(told, "fault-injected");
    const [struck] = eventsOf(told, "impaired");
    expect(injected).toMatchObject({ target: "worker-1", connection: struck?.connection });
    expect(new Set(struckOf(told))).toEqual(new Set(["worker-1"]));
  });

  test("of everyone stops the harness too, and who connects meanwhile", async () => {
    const told = await tell("stall", async (rig) => {
      await busy(rig);
      const stall = await rig.network.stall(EVERYONE);
      const published = rig.publish(1);
      const joined = rig.worker("worker-2");
      await rig.until("both to be stalled", () =>
        ["publisher", "worker-2"].every((subject) => struckOf(rig.history).includes(subject)),
      );
      stall.heal();
      await Promise.all([published, joined]);
    });
    expect([told.reasons, told.account]).toEqual([
      [],
      { published: 7, confirmed: 7, completed: 7 },
    ]);
  });
});

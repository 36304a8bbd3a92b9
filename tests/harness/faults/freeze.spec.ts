/** A frozen broker answers nobody until it goes on, and then everybody. */
import { expect, test } from "vitest";
import type { Broker } from "../../../harness/broker/broker.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { eventsOf } from "./struck.ts";
import { keepRunsAside, type Told, tell, witnessOf } from "./told.ts";

keepRunsAside();

const FAULT = "broker-pause";
const TWO = { published: 2, confirmed: 2, remaining: 2 };

test("who publishes meanwhile is answered when it is healed", async () => {
  const told = await tell(FAULT, async (rig) => {
    await rig.publish(1);
    const freeze = await rig.broker.pause();
    const publishing = rig.publish(1);
    await rig.until("it to be sent", () => rig.seen.publishedBy("publisher").length === 2);
    await Promise.all([freeze.heal(), freeze.heal()]);
    await publishing;
  });
  expect([told.reasons, told.account]).toEqual([[], TWO]);
  expect(witnessOf(told)).toBe(
    "the engine had it frozen, and a bystander was answered only after that",
  );
  const { boot } = eventsOf(told, "broker-up")[0] ?? {};
  expect(eventsOf(told, "broker-paused")).toMatchObject([{ boot }]);
  expect(eventsOf(told, "broker-resumed")).toMatchObject([{ boot }]);
  const [healed] = eventsOf(told, "fault-healed");
  expect(eventsOf(told, "publish-confirmed")[1]?.seq).toBeGreaterThan(healed?.seq ?? 0);
});

test("it is healed before the account", async () => {
  const told = await tell(FAULT, async (rig) => {
    await rig.publish(2);
    await rig.broker.pause();
  });
  expect([told.reasons, told.account]).toEqual([[], TWO]);
});

test("a freeze of nothing is inconclusive: the engine has nothing frozen", async () => {
  const told = await pretending({ pause: nothing, resume: nothing });
  expect(told.outcome).toBe("inconclusive");
  expect(told.reasons).toEqual(["The engine did not have the broker frozen"]);
  expect(witnessOf(told)).toBeUndefined();
});

test("a freeze in which the broker answers is inconclusive, whatever the engine says", async () => {
  const isFrozen = async () => true;
  const told = await pretending({ pause: nothing, resume: nothing, isFrozen });
  expect(told.outcome).toBe("inconclusive");
  expect(told.reasons).toEqual(["The broker answered a bystander while it was frozen"]);
  expect(witnessOf(told)).toBeUndefined();
});

const nothing = async () => {};

/** Runs an experiment on a broker that only pretends to be frozen. */
async function pretending(methods: Partial<Broker>): Promise<Told> {
  const broker = await laneBroker();
  Object.assign(broker, methods);
  try {
    return await tell(FAULT, async (rig) => {
      await rig.publish(1);
      const freeze = await rig.broker.pause();
      await rig.publish(1); // Its answer takes as long as the bystander's.
      await freeze.heal();
    });
  } finally {
    for (const name of Object.keys(methods)) delete broker[name as keyof Broker];
  }
}

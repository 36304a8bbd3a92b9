import { randomUUID } from "node:crypto";
import { getContainerRuntimeClient } from "testcontainers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BootFailure } from "../../../harness/broker/boot-failure.ts";
import type { Broker } from "../../../harness/broker/broker.ts";
import { preparedOf } from "../../../harness/broker/image.ts";
import type { Event } from "../../../harness/history/event.ts";
import { experiment } from "../../../harness/scenario/experiment.ts";
import { onOwnBroker } from "../../../harness/scenario/own-broker.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { imageThatRuns, removeImage } from "../engine.ts";
import { eventsOf } from "./struck.ts";
import { type Body, keepRunsAside, type Told, tell, witnessOf } from "./told.ts";

keepRunsAside();

const SIX = { published: 6, confirmed: 6, remaining: 6 };

/** As `tell` does, with a broker that is not the lane's. */
async function tellOf(broker: Broker, body: Body): Promise<Told> {
  const options = { broker, queueType: "classic", title: "a fault", rerun: "nothing" } as const;
  let events: readonly Event[] = [];
  const told = await experiment({ ...options, fault: "upgrade" }, async ({ rig }) => {
    events = rig.history.events;
    await rig.publish(6);
    await body(rig);
  });
  return { ...told, events };
}

describe("an upgrade", () => {
  test("lands: another version has the data, and the handle of the broker", async ({ skip }) => {
    const [from, to] = [await preparedOf("4.0"), await preparedOf("4.3")];
    if (!from || !to) return skip("needs RabbitMQ 4.0 and 4.3: `npm run setup -- --all`");
    await onOwnBroker(from.name, async (broker) => {
      const before = { id: broker.id, boot: broker.boot, version: broker.version };
      const told = await tellOf(broker, async (rig) => {
        expect(await rig.broker.upgrade(to.name)).toBeUndefined();
      });
      expect([told.outcome, told.reasons, told.account]).toEqual(["held", [], SIX]);
      expect([broker.state, broker.image]).toEqual(["running", to.name]);
      expect(broker.version).toMatch(/^4\.3\./);
      const { version, boot } = broker;
      const lives = `${before.version}, boot ${before.boot}, became ${version}, boot ${boot}`;
      expect(witnessOf(told)).toBe(lives);
      expect(eventsOf(told, "broker-down")).toMatchObject([{ boot: before.boot, clean: true }]);
      expect(eventsOf(told, "broker-up")).toMatchObject(
        [before.version, version].map((version) => ({ version })),
      );
      const starts = (await broker.log()).matchAll(/Starting RabbitMQ (\S+)/g);
      expect([...new Set([...starts].map(([, which]) => which))]).toEqual([
        before.version,
        version,
      ]);
      await expect(inspect(before.id)).rejects.toThrow("No such container");
    });
  });

  test("refused, it answers with the refusal, and the broker comes back as it was", async () => {
    const { image, version } = await laneBroker();
    let refusal: BootFailure | undefined;
    await onOwnBroker(image, async (broker) => {
      const { boot } = broker;
      const told = await tellOf(broker, async (rig) => {
        refusal = await rig.broker.upgrade(refusing);
      });
      expect([told.outcome, told.reasons, told.account]).toEqual(["held", [], SIX]);
      expect([refusal?.code, refusal?.log]).toEqual([3, "no luck today\n"]);
      expect([broker.image, broker.version]).toEqual([image, version]);
      const lives = `${version}, boot ${boot}, became ${version}, boot ${broker.boot}`;
      expect(witnessOf(told)).toBe(`${refusing} exited with 3; ${lives}`);
      expect(eventsOf(told, "broker-down")).toMatchObject([
        { boot, exitCode: 0, clean: true },
        { boot: refusal?.boot, exitCode: 3, clean: false },
      ]);
    });
  });

  test("proves nothing when the broker is what it was, in another life or in the same", async () => {
    const { image, version } = await laneBroker();
    await onOwnBroker(image, async (broker) => {
      const same = await tellOf(broker, async (rig) => void (await rig.broker.upgrade(alias)));
      expect([same.outcome, witnessOf(same)]).toEqual(["inconclusive", undefined]);
      const words = `was ${version} before its upgrade to ${alias}, and is ${version}`;
      expect(same.reasons.join()).toContain(words);
      const death = { boot: broker.boot, exitCode: 0, clean: true };
      Object.assign(broker, { stop: async () => death, start: async () => {} });
      const none = await tellOf(broker, async (rig) => void (await rig.broker.upgrade(image)));
      expect([none.outcome, witnessOf(none)]).toEqual(["inconclusive", undefined]);
      expect(none.reasons.join()).toContain("The broker kept its boot id");
    });
  });

  test("is not for a lane's broker, which others know by its container", async () => {
    const told = await tell("upgrade", async (rig) => {
      await rig.publish(6);
      await rig.broker.upgrade(alias);
    });
    expect(told.outcome).toBe("inconclusive");
    expect(told.reasons.join()).toContain("This broker was taken over");
    expect((await laneBroker()).state).toBe("running");
  });
});

const name = `ackproof/test-${randomUUID()}`;
/** An image whose broker always refuses, and another name for the lane's own. */
const [refusing, alias] = [`${name}:refuses`, `${name}:alias`];

beforeAll(async () => {
  const { image } = await laneBroker();
  // It lives for long enough to have its ports mapped, as a broker that refuses its data does.
  await imageThatRuns(refusing, image, "sleep 1; echo no luck today; exit 3");
  const { dockerode } = (await getContainerRuntimeClient()).container;
  await dockerode.getImage(image).tag({ repo: name, tag: "alias" });
});

afterAll(() => Promise.all([refusing, alias].map(removeImage)));

async function inspect(id: string) {
  const { container } = await getContainerRuntimeClient();
  return container.getById(id).inspect();
}

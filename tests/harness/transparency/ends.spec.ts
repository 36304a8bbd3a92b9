/** A connection that ends by somebody else's hand, and how a client gets over it. */
import { expect } from "vitest";
import type { Address } from "../../../harness/broker/connect.ts";
import { test } from "../link/linked.ts";
import { amqplibCallback } from "./clients/amqplib-callback.ts";
import { amqplibPromise } from "./clients/amqplib-promise.ts";
import { cloudamqp } from "./clients/cloudamqp.ts";
import { keepers } from "./keepers/keepers.ts";
import { hold } from "./kept.ts";
import { urlOf } from "./observe.ts";
import { rabbitmqctl } from "./operator.ts";
import { pairs, withAll } from "./pairs.ts";
import { plain } from "./plain.ts";
import { expectRecorded } from "./recorded.ts";
import { Relay } from "./relay.ts";
import { refusal } from "./scenarios/scenario.ts";

/** The clients that leave it to their user to connect again. */
const ENDING = {
  "amqplib, by promises": amqplibPromise,
  "amqplib, by callbacks": amqplibCallback,
  "@cloudamqp/amqp-client": cloudamqp,
};

const REASON = "closed by the operator";

test("the operator closes it, and the client is told why", async ({ broker, linked }) => {
  const ways = {
    direct: async () => broker.amqp as Address,
    through: (subject: string) => linked.link.open(subject),
  };
  const open = await pairs(ENDING, ways, async (connect, address) => {
    const client = await connect(urlOf(address));
    return { client, channel: await client.openChannel() };
  });
  await rabbitmqctl(broker, "close_all_connections", REASON);
  const stories = await withAll(open, async ({ client, channel }) => {
    await client.told.heard("ended");
    const check = plain(await refusal(Promise.try(() => channel.check(linked.queue))));
    const close = plain(await refusal(Promise.try(() => client.close())));
    return { check, close, told: client.told.lines };
  });
  for (const { name, direct, through } of stories) {
    expect({ name, ...through }).toEqual({ name, ...direct });
    expect(JSON.stringify(direct.told), name).toContain(REASON);
  }
  await expectRecorded(linked.history, stories.length, {});
  const byBroker = { by: "broker", clean: true, code: 320 };
  expect(linked.told("connection-closed")).toMatchObject(stories.map(() => byBroker));
});

test("the operator closes it, and the client makes another", async ({ broker, linked }) => {
  const ways = {
    direct: async () => ({ address: broker.amqp as Address, way: "direct" }),
    through: async (subject: string) => ({
      address: await linked.link.open(subject),
      way: subject,
    }),
  };
  const kept = await pairs(keepers, ways, async (keep, { address, way }) =>
    hold(linked, keep, address, `${linked.queue}-${keep.name}-${way}`),
  );
  await rabbitmqctl(broker, "close_all_connections", REASON);
  await linked.goAround();
  for (const { name, direct, through } of await withAll(kept, ({ finish }) => finish())) {
    expect({ name, ...through }).toEqual({ name, ...direct });
    expect(JSON.stringify(direct.told), name).toContain(REASON);
    expect(direct.left).toBe(0);
  }
  const count = kept.length;
  await expectRecorded(linked.history, 2 * count, { delivered: 2 * count, acked: count });
});

test.for(["reset", "hangUp"] as const)(
  "the network ends it by a %s, and the client makes another",
  async (how, { broker, linked, onTestFinished }) => {
    const ways = {
      async direct() {
        const relay = await Relay.open(broker.amqp as Address);
        onTestFinished(() => relay.close());
        return { address: relay.address, way: "direct", strike: () => relay[how]() };
      },
      through: async (subject: string) => ({
        address: await linked.link.open(subject),
        way: subject,
        strike: () => linked.link[how]({ subject }),
      }),
    };
    const kept = await pairs(keepers, ways, async (keep, { address, way, strike }) => {
      const queue = `${linked.queue}-${keep.name}-${way}`;
      return { ...(await hold(linked, keep, address, queue)), strike };
    });
    await withAll(kept, async ({ strike }) => strike());
    for (const { name, direct, through } of await withAll(kept, ({ finish }) => finish())) {
      expect({ name, ...through }).toEqual({ name, ...direct });
      expect(
        direct.told.map(([what]) => what),
        name,
      ).toContain("ended");
      expect(direct.left).toBe(0);
    }
    const count = kept.length;
    await expectRecorded(linked.history, 2 * count, { delivered: 2 * count, acked: count });
    const ends = linked.told("connection-closed").map(({ by }) => by);
    expect(ends.filter((by) => by === "link")).toHaveLength(count);
  },
);

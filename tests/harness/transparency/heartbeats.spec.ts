/** An idle connection lives on heartbeats, and they pass through the link. */
import { expect } from "vitest";
import type { Address } from "../../../harness/broker/connect.ts";
import { until } from "../../../harness/until.ts";
import { test } from "../link/linked.ts";
import { clients } from "./clients/clients.ts";
import { urlOf } from "./observe.ts";
import { pairs, withAll } from "./pairs.ts";
import { expectRecorded } from "./recorded.ts";
import { Relay } from "./relay.ts";

/** Seconds: the shortest that AMQP knows. */
const INTERVAL = 1;

/**
 * From each side. The slowest client sends one a second, and until it has, all are idle: for longer
 * than the three intervals after which either side gives a silent one up.
 */
const BEATS = 4;

/** Milliseconds: twice what the heartbeats need. */
const DEADLINE = 2 * BEATS * INTERVAL * 1000 + 2_000;

test("idle clients stay connected for longer than a dead one would", async ({
  broker,
  linked,
  onTestFinished,
}) => {
  const relayed = async (target: Address) => {
    const relay = await Relay.open(target);
    onTestFinished(() => relay.close());
    return relay;
  };
  const ways = {
    direct: () => relayed(broker.amqp as Address),
    through: async (subject: string) => relayed(await linked.link.open(subject)),
  };
  const open = await pairs(clients, ways, async (connect, relay) => {
    const client = await connect(`${urlOf(relay.address)}?heartbeat=${INTERVAL}`);
    return { client, relay, channel: await client.openChannel() };
  });
  await withAll(open, async ({ client, relay }) => {
    const { fromClient, fromBroker } = relay;
    const enough = () => fromClient.heartbeats >= BEATS && fromBroker.heartbeats >= BEATS;
    await until(`${BEATS} heartbeats from both sides`, relay, enough, {
      deadline: DEADLINE,
      lastSeen: () =>
        `${fromClient.heartbeats} from the client, ${fromBroker.heartbeats} from the broker; ` +
        JSON.stringify(client.told.lines),
    });
  });
  const stories = await withAll(open, async ({ client, channel }) => {
    const alive = await channel.check(linked.queue);
    await client.close();
    return { alive, told: client.told.lines };
  });
  for (const { name, direct, through } of stories) {
    expect({ name, ...through }).toEqual({ name, ...direct });
    expect(direct.alive, name).toMatchObject({ messageCount: 0 });
  }
  await expectRecorded(linked.history, stories.length, {});
});

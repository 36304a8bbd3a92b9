/** Thousands of channels on one connection, each of them used. */
import { expect } from "vitest";
import type { Address } from "../../../harness/broker/connect.ts";
import { test } from "../link/linked.ts";
import type { Channel, Client } from "./client.ts";
import { libraries } from "./clients/clients.ts";
import { observe, urlOf } from "./observe.ts";
import { expectRecorded } from "./recorded.ts";

/** The broker's own limit, and the clients', is 2047. */
const CHANNELS = 2_000;

async function useChannels(client: Client, queue: string): Promise<unknown> {
  const opening = Array.from({ length: CHANNELS }, () => client.openChannel());
  const channels = await Promise.all(opening);
  const [first] = channels as [Channel];
  await first.declare(queue);
  const publish = (channel: Channel, n: number) =>
    channel.publish({ queue, body: Buffer.from(`${n}`), properties: { messageId: `t${n}` } });
  await Promise.all(channels.map(publish));
  const stored = await first.check(queue);
  await first.delete(queue);
  return { stored };
}

test.for(Object.entries(libraries))(
  "2,000 channels of %s",
  async ([, connect], { broker, linked }) => {
    const queue = `${linked.queue}-channels`;
    const direct = await observe(connect, urlOf(broker.amqp as Address), queue, useChannels);
    expect(direct.result).toMatchObject({ stored: { messageCount: CHANNELS } });
    const through = await observe(
      connect,
      urlOf(await linked.link.open("client")),
      queue,
      useChannels,
    );
    expect(through).toEqual(direct);
    const all = { "channel-opened": CHANNELS, published: CHANNELS, "publish-confirmed": CHANNELS };
    await expectRecorded(linked.history, 1, all);
  },
);

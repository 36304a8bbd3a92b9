/** `connection.blocked` reaches a client through the link as it does without it. */
import { expect } from "vitest";
import type { Address } from "../../../harness/broker/connect.ts";
import { test } from "../link/linked.ts";
import { clients } from "./clients/clients.ts";
import { urlOf } from "./observe.ts";
import { rabbitmqctl } from "./operator.ts";
import { pairs, withAll } from "./pairs.ts";
import { expectRecorded } from "./recorded.ts";

/** Raises the alarm of a broker without memory, and prints the limit that was in force. */
const RAISE = `
  Limit = vm_memory_monitor:get_vm_memory_high_watermark(),
  vm_memory_monitor:set_vm_memory_high_watermark(0),
  Limit.`;

const lift = (limit: string) => `vm_memory_monitor:set_vm_memory_high_watermark(${limit}).`;

test("publishers are blocked by a memory alarm, and unblocked after it", async ({
  broker,
  linked,
  onTestFinished,
}) => {
  const ways = {
    direct: async () => broker.amqp as Address,
    through: (subject: string) => linked.link.open(subject),
  };
  const open = await pairs(clients, ways, async (connect, address) => {
    const client = await connect(urlOf(address));
    return { client, channel: await client.openChannel() };
  });
  const limit = await rabbitmqctl(broker, "eval", RAISE);
  onTestFinished(async () => void (await rabbitmqctl(broker, "eval", lift(limit))));

  let confirmed = 0;
  const publishing = await withAll(open, async ({ client, channel }) => {
    const message = { queue: linked.queue, body: Buffer.from("?"), properties: { messageId: "t" } };
    const confirm = channel.publish(message).then(() => ++confirmed);
    await client.told.heard("blocked");
    return { confirm };
  });
  expect(confirmed).toBe(0);
  await rabbitmqctl(broker, "eval", lift(limit));
  await withAll(open, ({ client }) => client.told.heard("unblocked"));
  await withAll(publishing, ({ confirm }) => confirm);

  const told = await withAll(open, async ({ client }) => {
    await client.close();
    return client.told.lines;
  });
  for (const { name, direct, through } of told) {
    expect({ name, told: through }).toEqual({ name, told: direct });
    const heard = direct.filter(([what]) => what === "blocked" || what === "unblocked");
    expect(heard, name).toEqual([["blocked", "low on memory"], ["unblocked"]]);
  }
  const count = told.length;
  await expectRecorded(linked.history, count, { published: count, "publish-confirmed": count });
});

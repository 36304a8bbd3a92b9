import type { Scenario } from "./scenario.ts";

/** `basic.get`, of something, of nothing, and of what was handed out before. */
export const gets: Scenario = {
  title: "basic.get, answered and empty",
  async run(client, queue) {
    const first = await client.openChannel();
    const declared = await first.declare(queue);
    const empty = await first.get(queue);
    await first.publish({ queue, body: Buffer.from("?"), properties: { messageId: "t1" } });
    const found = await first.get(queue);
    const taken = await first.get(queue);
    await first.close(); // With it, what it had not acked goes back.
    const second = await client.openChannel();
    const again = await second.get(queue);
    await again?.ack();
    const left = await second.check(queue);
    const deleted = await second.delete(queue);
    await second.close();
    return {
      hits: [empty, found, taken, again].map((message) => message?.redelivered ?? "none"),
      said: [declared, found?.said, again?.said, left, deleted],
    };
  },
  shows: { hits: ["none", false, "none", true] },
  records: { published: 1, delivered: 2, acked: 1, "channel-opened": 2, "channel-closed": 2 },
};

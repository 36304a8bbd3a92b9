import { plain } from "../plain.ts";
import { refusal, type Scenario } from "./scenario.ts";

/** What a publisher hears of a message that no queue takes. */
export const publishing: Scenario = {
  title: "a publish returned, and a publish refused",
  async run(client, queue) {
    const channel = await client.openChannel();
    await channel.declare(queue, { "x-max-length": 1, "x-overflow": "reject-publish" });
    const publish = (to: string, messageId: string) =>
      channel.publish({
        queue: to,
        body: Buffer.from(messageId),
        mandatory: true,
        properties: { messageId },
      });
    const returned = await publish(`${queue}-missing`, "stray");
    const accepted = await publish(queue, "first");
    const refused = await refusal(publish(queue, "second"));
    await channel.delete(queue);
    await channel.close();
    const returns = client.told.lines.filter(([what]) => what === "return").length;
    return { returns, said: [returned, accepted, refused] };
  },
  shows: { returns: 1 },
  records: {
    published: 3,
    "publish-confirmed": 2,
    "publish-refused": 1,
    "publish-returned": 1,
  },
};

/** The broker's own words, wherever a library repeats them. */
const REASONS = ["NOT_FOUND - no queue", "PRECONDITION_FAILED - unknown delivery tag 1"];

/** The broker closes a channel; its connection goes on. */
export const channelErrors: Scenario = {
  title: "channels closed by the broker, with 404 and with 406",
  async run(client, queue) {
    const doomed = await client.openChannel();
    const notFound = await refusal(doomed.check(queue));
    const channel = await client.openChannel();
    await channel.declare(queue);
    await channel.publish({ queue, body: Buffer.from("?"), properties: { messageId: "t1" } });
    const message = await channel.get(queue);
    message?.ack();
    message?.ack(); // A tag that the broker does not know any more.
    const unknownTag = await refusal(channel.check(queue));
    const after = await client.openChannel();
    const deleted = await after.delete(queue);
    await after.close();
    const refusals = plain([notFound, unknownTag]);
    const words = JSON.stringify([refusals, client.told.lines]);
    return { reasons: REASONS.filter((reason) => words.includes(reason)), refusals, deleted };
  },
  shows: { reasons: REASONS },
  records: { "channel-opened": 3, "channel-closed": 3, published: 1, delivered: 1 },
};

/** The broker takes a consumer's queue away. */
export const cancellation: Scenario = {
  title: "a consumer cancelled by the broker",
  async run(client, queue) {
    const consumer = await client.openChannel();
    await consumer.declare(queue);
    await consumer.consume(queue, "consumer", () => {});
    const other = await client.openChannel();
    await other.delete(queue);
    await client.told.heard("cancelled");
    if (client.consumesAgain) await client.told.heard("channel-error");
    await other.close();
    const cancelled = client.told.lines.filter(([what]) => what === "cancelled").length;
    return { cancelled };
  },
  shows: { cancelled: 1 },
  records: { "consumer-cancelled": 1 },
};

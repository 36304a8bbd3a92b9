import type { Scenario } from "./scenario.ts";

const PROPERTIES = {
  contentType: "application/x-task",
  contentEncoding: "identity",
  persistent: true,
  priority: 7,
  correlationId: "the-correlation",
  replyTo: "the-reply-queue",
  expiration: "600000",
  messageId: "the-message-id ✓",
  timestamp: 1_700_000_000,
  type: "the-type",
  userId: "guest",
  appId: "the-app",
};

const HEADERS = {
  "x-text": "a header ✓",
  "x-integer": 1_234_567,
  "x-big": 2 ** 40,
  "x-negative": -5,
  "x-fraction": 1.5,
  "x-true": true,
  "x-null": null,
  "x-list": ["one", 2, false],
  "x-nested": { deeper: { deepest: "a nested header" } },
};

/** What must be found somewhere in what the client hands out, wherever it keeps it. */
const TEXTS = [
  ...Object.values(PROPERTIES).filter((value) => typeof value === "string"),
  ...Object.keys(HEADERS),
  "a header ✓",
  "1234567",
  "1099511627776",
  "a nested header",
];

/** Every property of AMQP, and headers of every type. */
export const properties: Scenario = {
  title: "every property, and headers of every type",
  async run(client, queue) {
    const channel = await client.openChannel();
    await channel.declare(queue);
    const body = Buffer.from("?");
    await channel.publish({ queue, body, properties: { ...PROPERTIES, headers: HEADERS } });
    const message = await channel.get(queue);
    await message?.ack();
    await channel.delete(queue);
    await channel.close();
    const said = JSON.stringify(message?.said);
    return { found: TEXTS.filter((text) => said.includes(text)), said: message?.said };
  },
  shows: { found: TEXTS },
  records: { published: 1, "publish-confirmed": 1, delivered: 1, acked: 1 },
};

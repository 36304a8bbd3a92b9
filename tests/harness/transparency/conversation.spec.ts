/** Whatever a client does, it comes to the same through the link as without it. */
import { expect } from "vitest";
import type { Address } from "../../../harness/broker/connect.ts";
import { test } from "../link/linked.ts";
import { clients, transactional } from "./clients/clients.ts";
import { observe, urlOf } from "./observe.ts";
import { expectRecorded } from "./recorded.ts";
import { scenarios } from "./scenarios/scenarios.ts";
import { transactions } from "./scenarios/transactions.ts";

const conversations = [
  ...Object.entries(clients).flatMap(([name, connect]) =>
    scenarios.map((scenario) => ({ name, connect, ...scenario })),
  ),
  ...Object.entries(transactional).map(([name, connect]) => ({ name, connect, ...transactions })),
];

test.for(conversations)("$name: $title", async (conversation, { broker, linked }) => {
  const { connect, run, shows, records } = conversation;
  const queue = `${linked.queue}-conversation`;
  const direct = await observe(connect, urlOf(broker.amqp as Address), queue, run);
  expect(direct.result).toMatchObject(shows);
  const through = await observe(connect, urlOf(await linked.link.open("client")), queue, run);
  expect(through).toEqual(direct);
  await expectRecorded(linked.history, 1, records);
  expect(linked.told("connection-closed")).toMatchObject([{ by: "client", code: 200 }]);
});

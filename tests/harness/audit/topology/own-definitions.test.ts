/** The queues that an audit declares where the user declares none. */
import { expect, test } from "vitest";
import { ownDefinitions } from "../../../../harness/audit/topology/own-definitions.ts";
import type { Place } from "../../../../harness/audit/topology/topology.ts";
import type { Admin } from "../../../../harness/broker/admin.ts";

const PLACE: Place = {
  queue: "work",
  queueType: "quorum",
  exchange: "",
  routingKey: "work",
  output: undefined,
};
const REACHED = {} as Admin;
const lasting = (name: string, besides = {}) => ({
  name,
  vhost: undefined,
  durable: true,
  auto_delete: false,
  arguments: { "x-queue-type": "quorum", ...besides },
});
const dead = { "dead-letter-exchange": "", "dead-letter-routing-key": "work.parked" };

test("dead letters are a matter of a policy, where one can be set", () => {
  expect(ownDefinitions(PLACE, REACHED)).toEqual({
    queues: [lasting("work"), lasting("work.parked")],
    exchanges: [],
    bindings: [],
    policies: [
      {
        vhost: undefined,
        name: "ackproof work",
        pattern: "^work$",
        "apply-to": "queues",
        definition: dead,
        priority: 0,
      },
    ],
  });
});

test("otherwise they are a matter of the work queue's arguments, and what is left vanishes", () => {
  const passing = { "x-expires": 86_400_000 };
  const besides = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "work.parked" };
  expect(ownDefinitions({ ...PLACE, output: "done" }, undefined)).toEqual({
    queues: [
      lasting("work", { ...besides, ...passing }),
      lasting("work.parked", passing),
      lasting("done"),
    ],
    exchanges: [],
    bindings: [],
    policies: [],
  });
});

test("an exchange leads to the work queue by the routing key alone", () => {
  const place = { ...PLACE, exchange: "orders", routingKey: "order.new" };
  const { exchanges, bindings } = ownDefinitions(place, REACHED);
  expect(exchanges).toEqual([
    {
      vhost: undefined,
      name: "orders",
      type: "direct",
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    },
  ]);
  expect(bindings).toEqual([
    {
      vhost: undefined,
      source: "orders",
      destination: "work",
      destination_type: "queue",
      routing_key: "order.new",
      arguments: {},
    },
  ]);
});

test("the policy is for the work queue alone, whatever its name", () => {
  const [policy] = ownDefinitions({ ...PLACE, queue: "a.b+c_d-e" }, REACHED).policies;
  const pattern = new RegExp(policy?.pattern ?? "");
  const names = ["a.b+c_d-e", "axb+c_d-e", "a.bbc_d-e", "a.b+c_d-e.parked", "my a.b+c_d-e"];
  expect(names.filter((name) => pattern.test(name))).toEqual(["a.b+c_d-e"]);
});

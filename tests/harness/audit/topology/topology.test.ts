/** The queues of a trial, told to the history once, and followed as more is known of them. */
import { describe, expect, it, test } from "vitest";
import { parseDefinitions } from "../../../../harness/audit/topology/definitions.ts";
import { type Place, Topology } from "../../../../harness/audit/topology/topology.ts";
import { History } from "../../../../harness/history/history.ts";

const PLACE: Place = {
  queue: "work",
  queueType: "quorum",
  exchange: "orders",
  routingKey: "order.new",
  output: "done",
};

const dead = (key: string, besides = {}) => ({
  "x-dead-letter-exchange": "",
  "x-dead-letter-routing-key": key,
  ...besides,
});

const queues = [
  { name: "work", arguments: dead("wait", { "x-queue-type": "quorum" }) },
  { name: "wait", arguments: dead("failed", { "x-message-ttl": 1000 }) },
  { name: "failed", durable: false, arguments: { "x-max-length": 9 } },
  { name: "done" },
  { name: "other" },
];
const bindings = [
  { source: "orders", destination: "work", destination_type: "queue", routing_key: "order.new" },
  { source: "orders", destination: "failed", destination_type: "queue", routing_key: "bad" },
  { source: "orders", destination: "other", destination_type: "queue", routing_key: "bad" },
  { source: "orders", destination: "done", destination_type: "queue", routing_key: "done" },
];
const exchanges = [{ name: "orders", type: "direct" }];

const parse = (whole: object) => parseDefinitions(JSON.stringify(whole), "it.json");
const whole = () => new Topology(PLACE, parse({ queues, bindings, exchanges }));

function told(history: History) {
  return history.events.flatMap((event) => {
    if (event.type !== "queue-declared") return [];
    const { queue, role, durable, queueType, discards } = event;
    return [[queue, role, durable, queueType, discards]];
  });
}

describe("What is told of queues", () => {
  it("is what each is to the experiment, once; what waits to be tried again is work", () => {
    const topology = whole();
    const history = new History();
    expect(topology.tell(history)).toEqual(["work", "wait", "failed"]);
    const all = [
      ["work", "work", true, "quorum", []],
      ["wait", "work", true, "classic", []],
      ["failed", "parking", false, "classic", ["length-limit"]],
      ["done", "output", true, "classic", []],
    ];
    expect(told(history)).toEqual(all);
    expect(topology.tell(history)).toEqual(["work", "wait", "failed"]);
    expect(told(history)).toEqual(all);
  });

  it("is, where nothing is known, that there is the work queue and the output", () => {
    const topology = new Topology(PLACE, parse({}));
    const history = new History();
    expect(topology.tell(history)).toEqual(["work"]);
    expect(told(history)).toEqual([
      ["done", "output", true, "quorum", []],
      ["work", "work", true, "quorum", []],
    ]);
  });
});

describe("What is learned later", () => {
  it("adds to what is known, and takes nothing of it away", () => {
    const topology = new Topology({ ...PLACE, output: undefined }, parse({ queues }));
    const more = [{ name: "new" }, { name: "other", arguments: { "x-queue-type": "stream" } }];
    topology.learn(parse({ queues: more }));
    expect(topology.queues("work", "retry", "parking")).toEqual(["work", "wait", "failed"]);
    expect(topology.queues("elsewhere")).toEqual(["done", "new"]);
    expect([...topology.routed("orders", "order.new")]).toEqual([]);
  });

  it("may give a queue its role, which is then told", () => {
    const topology = new Topology(PLACE, parse({ queues: [{ name: "work" }, { name: "wait" }] }));
    const history = new History();
    topology.tell(history);
    topology.learn(parse({ queues: [{ name: "work", arguments: dead("wait") }] }));
    expect(topology.queues("parking")).toEqual(["wait"]);
    expect(topology.tell(history).sort()).toEqual(["wait", "work"]);
    expect(told(history).map(([queue, role]) => `${queue} ${role}`)).toEqual([
      "work work",
      "done output",
      "wait parking",
    ]);
  });
});

describe("A publish leads back", () => {
  const unknown = new Topology(PLACE, parse({}));

  test.for<[string, Topology, string, string, boolean]>([
    ["by the tasks' own way", whole(), "orders", "order.new", true],
    ["by the tasks' own way, though nobody has told of it", unknown, "orders", "order.new", true],
    ["to a queue in which a task waits", whole(), "", "wait", true],
    ["to a queue in which tasks end, among others", whole(), "orders", "bad", true],
    ["not to where outcomes go", whole(), "orders", "done", false],
    ["not by the tasks' exchange alone", unknown, "orders", "done", false],
    ["not by the tasks' routing key alone", unknown, "", "order.new", false],
    ["not to anywhere else", whole(), "", "other", false],
  ])("%s", ([, topology, exchange, routingKey, expected]) => {
    expect(topology.leadsBack({ exchange, routingKey })).toBe(expected);
  });
});

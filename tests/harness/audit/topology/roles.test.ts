/** What definitions leave open: their defaults, several hosts, and where dead letters end. */
import { describe, expect, it } from "vitest";
import { parseDefinitions } from "../../../../harness/audit/topology/definitions.ts";
import { rolesOf } from "../../../../harness/audit/topology/roles.ts";
import { routed } from "../../../../harness/audit/topology/routing.ts";

const parse = (whole: unknown) => parseDefinitions(JSON.stringify(whole), "it.json");
const binding = { source: "x", destination: "q", destination_type: "queue" };
const policy = { name: "p", pattern: ".", definition: {} };

describe("What definitions leave out", () => {
  it("is as RabbitMQ has it", () => {
    const queues = [{ name: "q" }];
    const exchanges = [{ name: "x", type: "fanout" }];
    expect(parse({ queues, exchanges, bindings: [binding], policies: [policy] })).toEqual({
      queues: [{ name: "q", durable: true, auto_delete: false, arguments: {} }],
      exchanges: [
        {
          ...{ name: "x", type: "fanout", durable: true, auto_delete: false },
          ...{ internal: false, arguments: {} },
        },
      ],
      bindings: [{ ...binding, routing_key: "", arguments: {} }],
      policies: [{ ...policy, "apply-to": "all", priority: 0 }],
    });
  });

  it("may be everything", () => {
    expect(parse({})).toEqual({ queues: [], exchanges: [], bindings: [], policies: [] });
  });

  it("may be whose they are: what names no virtual host is in the one that others name", () => {
    const queues = [{ name: "a" }, { name: "b", vhost: "shop" }];
    expect(parse({ queues }).queues.map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

describe("Of several virtual hosts", () => {
  const both = (part: object) => [
    { ...part, vhost: "/", name: "ours" },
    { ...part, vhost: "shop", name: "theirs" },
  ];

  it("each part is read of / alone", () => {
    const read = parse({
      queues: both({}),
      exchanges: both({ type: "fanout" }),
      bindings: [
        { ...binding, vhost: "/" },
        { ...binding, vhost: "shop" },
      ],
      policies: both(policy),
    });
    expect(read.queues.map(({ name }) => name)).toEqual(["ours"]);
    expect(read.exchanges.map(({ name }) => name)).toEqual(["ours"]);
    expect(read.bindings.map(({ vhost }) => vhost)).toEqual(["/"]);
    expect(read.policies.map(({ name }) => name)).toEqual(["ours"]);
  });

  it.each<[string, object]>([
    ["queues", {}],
    ["exchanges", { type: "fanout" }],
    ["bindings", binding],
    ["policies", policy],
  ])("all are seen by their %s", (part, one) => {
    const shops = ["shop", "staging"].map((vhost) => ({ ...one, name: "a", vhost }));
    expect(() => parse({ [part]: shops })).toThrow('("shop", "staging")');
  });
});

describe("A binding", () => {
  it("may lead to a queue, or to an exchange", () => {
    const bindings = [binding, { ...binding, destination_type: "exchange" }];
    expect(parse({ bindings }).bindings).toHaveLength(2);
  });

  it("may lead in a circle", () => {
    const whole = parse({
      exchanges: ["one", "two"].map((name) => ({ name, type: "fanout" })),
      bindings: [
        { source: "one", destination: "two", destination_type: "exchange" },
        { source: "two", destination: "one", destination_type: "exchange" },
        { source: "two", destination: "q", destination_type: "queue" },
      ],
    });
    expect([...routed(whole, "one", "any")]).toEqual(["q"]);
  });

  it.each([
    ["amq.direct", "order.*", true],
    ["amq.direct", "order.new", false],
    ["amq.topic", "order.new", true],
    ["amq.topic", "invoice.new", false],
    ["amq.fanout", "anything", true],
    ["amq.headers", "anything", true], // It may match, by what no key tells.
  ])("of %s is followed by its kind: with %s, %s", (source, key, expected) => {
    const whole = parse({ bindings: [{ ...binding, source, routing_key: "order.*" }] });
    expect(routed(whole, source, key).has("q")).toBe(expected);
  });
});

describe("Roles", () => {
  const place = { queue: "work", routingKey: "order", output: undefined };
  const roles = (whole: object) => Object.fromEntries(rolesOf(parse(whole), place));

  it("end where dead letters end: what comes after parking is something else", () => {
    const queues = [
      {
        name: "work",
        arguments: { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "a" },
      },
      { name: "a", arguments: { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "b" } },
      { name: "b" },
    ];
    expect(roles({ queues })).toEqual({ work: "work", a: "parking", b: "elsewhere" });
  });

  it("need somewhere to go on to: what only expires is parking", () => {
    const queues = [
      {
        name: "work",
        arguments: { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "a" },
      },
      { name: "a", arguments: { "x-message-ttl": 1000 } },
    ];
    expect(roles({ queues })).toEqual({ work: "work", a: "parking" });
  });

  it("go on from a retry to what comes after, by the key that the message has by then", () => {
    const queues = [
      { name: "work", arguments: { "x-dead-letter-exchange": "dlx" } },
      { name: "wait", arguments: { "x-dead-letter-exchange": "dlx2", "x-message-ttl": 1000 } },
      { name: "end" },
      { name: "not" },
    ];
    const to = (source: string, destination: string, routing_key: string) => ({
      ...{ source, destination, destination_type: "queue", routing_key },
    });
    const whole = {
      queues,
      exchanges: ["dlx", "dlx2"].map((name) => ({ name, type: "direct" })),
      bindings: [to("dlx", "wait", "order"), to("dlx2", "end", "order"), to("dlx2", "not", "wait")],
    };
    expect(roles(whole)).toEqual({
      work: "work",
      wait: "retry",
      end: "parking",
      not: "elsewhere",
    });
  });

  it("know the work queue, though nothing is declared", () => {
    expect(roles({})).toEqual({ work: "work" });
  });
});

/** RabbitMQ's exported definitions, read; and what they say of each queue. */
import { describe, expect, test } from "vitest";
import { parseDefinitions } from "../../../../harness/audit/topology/definitions.ts";
import { rolesOf } from "../../../../harness/audit/topology/roles.ts";
import { routed } from "../../../../harness/audit/topology/routing.ts";
import { termsOf } from "../../../../harness/audit/topology/terms.ts";

const parse = (whole: unknown) => parseDefinitions(JSON.stringify(whole), "it.json");

function names(whole: unknown) {
  return parse(whole).queues.map(({ name }) => name);
}

describe("it is read", () => {
  test("of one virtual host, which its export does not name", () => {
    expect(names({ queues: [{ name: "a" }, { name: "b" }] })).toEqual(["a", "b"]);
  });

  test("of the only one that has anything", () => {
    const vhosts = [{ name: "/" }, { name: "shop" }];
    expect(names({ vhosts, queues: [{ vhost: "shop", name: "a" }] })).toEqual(["a"]);
  });

  test("of / where there are several", () => {
    const queues = [
      { vhost: "shop", name: "a" },
      { vhost: "/", name: "b" },
    ];
    expect(names({ queues })).toEqual(["b"]);
  });

  test("with a byte order mark, and with parts that nobody here knows", () => {
    const text = `\uFEFF${JSON.stringify({ users: [{}], queues: [{ name: "a", type: "quorum" }] })}`;
    expect(parseDefinitions(text, "it.json").queues).toMatchObject([{ name: "a", durable: true }]);
  });
});

describe("it is refused, in words", () => {
  test.for([
    ["no JSON", "{", /^it\.json is no JSON: /],
    ["an empty file", "", /^it\.json is no JSON: /],
    ["something else in JSON", "3", /^it\.json holds no RabbitMQ definitions: the whole: /],
    ["a queue without a name", '{"queues":[{"name":"a"},{}]}', /queues\.1\.name: Invalid key/],
    [
      "arguments that are none",
      '{"queues":[{"name":"a","arguments":3}]}',
      /queues\.0\.arguments: /,
    ],
    [
      "a binding to something else",
      '{"bindings":[{"source":"a","destination":"b","destination_type":"shovel"}]}',
      /bindings\.0\.destination_type: /,
    ],
  ] as const)("%s", ([, text, words]) => {
    expect(() => parseDefinitions(text, "it.json")).toThrow(words);
    expect(() => parseDefinitions(text, "it.json")).toThrow(
      expect.objectContaining({ name: "SetupError" }),
    );
  });

  test("several virtual hosts without /", () => {
    const queues = ["shop", "staging"].map((vhost) => ({ vhost, name: "a" }));
    expect(() => parse({ queues })).toThrow(
      'it.json defines several virtual hosts ("shop", "staging"), and none of them is "/"',
    );
  });
});

const bind = (source: string, destination: string, routing_key = "", to = "queue") => ({
  source,
  destination,
  destination_type: to,
  routing_key,
});

describe("a message is routed", () => {
  const definitions = parse({
    exchanges: [
      { name: "d", type: "direct", arguments: { "alternate-exchange": "f" } },
      { name: "t", type: "topic" },
      { name: "f", type: "fanout" },
      { name: "h", type: "headers" },
      { name: "x", type: "x-consistent-hash" },
    ],
    bindings: [
      bind("d", "one", "k"),
      bind("d", "two", "k"),
      bind("d", "t", "order.new", "exchange"),
      bind("t", "three", "order.*"),
      bind("t", "four", "#.new"),
      bind("t", "five", "#"),
      bind("t", "d", "loop", "exchange"),
      bind("f", "six", "whatever"),
      bind("h", "seven"),
      bind("x", "eight", "10"),
      bind("amq.direct", "nine", "k"),
    ],
  });

  test.for([
    ["the default exchange", "", "any", ["any"]],
    ["a direct one, to all bound by the key", "d", "k", ["one", "two"]],
    ["one through another", "d", "order.new", ["three", "four", "five"]],
    ["its alternate, for want of a binding", "d", "z", ["six"]],
    ["a topic's words", "t", "order.old", ["three", "five"]],
    ["as many words as # takes", "t", "a.b.new", ["four", "five"]],
    ["no word at all for #", "t", "new", ["four", "five"]],
    ["no fewer words than * takes", "t", "order", ["five"]],
    ["no more words than * takes", "t", "order.a.b", ["five"]],
    ["a circle, once", "t", "loop", ["five", "six"]],
    ["a fanout", "f", "z", ["six"]],
    ["headers, which may match", "h", "z", ["seven"]],
    ["a plugin's exchange, which may", "x", "z", ["eight"]],
    ["a built-in one", "amq.direct", "z", []],
    ["one that nobody has declared", "nobody", "z", []],
  ] as const)("by %s", ([, exchange, key, queues]) => {
    expect([...routed(definitions, exchange, key)]).toEqual(queues);
  });
});

describe("a queue's role", () => {
  const dead = (key: string, besides = {}) => ({
    "x-dead-letter-exchange": "",
    "x-dead-letter-routing-key": key,
    ...besides,
  });
  const roles = (whole: unknown, place = {}) =>
    Object.fromEntries(
      rolesOf(parse(whole), { queue: "work", routingKey: "work", output: undefined, ...place }),
    );

  test("by its arguments: work, a retry that waits and goes on, and parking", () => {
    const queues = [
      { name: "work", arguments: dead("wait") },
      { name: "wait", arguments: dead("work", { "x-message-ttl": 1000 }) },
      { name: "other" },
      { name: "log", arguments: { "x-queue-type": "stream" } },
    ];
    expect(roles({ queues })).toEqual({ work: "work", wait: "retry", other: "elsewhere" });
  });

  test("by a policy, and through an exchange with the task's own routing key", () => {
    const queues = [{ name: "work" }, { name: "parked" }, { name: "done" }];
    const policy = (name: string, priority: number, definition: object) => ({
      name,
      pattern: "^wo",
      "apply-to": "queues",
      priority,
      definition,
    });
    const whole = {
      queues,
      exchanges: [{ name: "dlx", type: "direct" }],
      bindings: [bind("dlx", "parked", "order"), bind("dlx", "done", "work")],
      policies: [policy("low", 0, {}), policy("high", 9, { "dead-letter-exchange": "dlx" })],
    };
    expect(roles(whole, { routingKey: "order", output: "done" })).toEqual({
      work: "work",
      parked: "parking",
      done: "output",
    });
  });

  test("in a circle of parking queues", () => {
    const queues = [
      { name: "work", arguments: dead("a") },
      { name: "a", arguments: dead("work") },
    ];
    expect(roles({ queues })).toEqual({ work: "work", a: "parking" });
  });
});

describe("what may drop a task from a queue", () => {
  const discards = (args: Record<string, unknown>) => {
    const definitions = parse({ queues: [{ name: "q", arguments: args }] });
    return definitions.queues.flatMap((queue) => termsOf(definitions, queue).discards);
  };

  test.for([
    [{}, []],
    [{ "x-message-ttl": 1 }, ["ttl"]],
    [{ "x-max-length": 1 }, ["length-limit"]],
    [{ "x-max-length-bytes": 1, "x-overflow": "drop-head" }, ["length-limit"]],
    [{ "x-max-length": 1, "x-overflow": "reject-publish" }, []],
    [{ "x-max-length": 1, "x-message-ttl": 1, "x-dead-letter-exchange": "" }, []],
  ] as const)("%j: %j", ([args, expected]) => {
    expect(discards(args)).toEqual(expected);
  });
});

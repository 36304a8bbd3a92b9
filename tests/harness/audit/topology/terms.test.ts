/** What holds for a queue, by its arguments or by a policy. */
import { describe, expect, it } from "vitest";
import { parseDefinitions } from "../../../../harness/audit/topology/definitions.ts";
import { termsOf, typeOf } from "../../../../harness/audit/topology/terms.ts";

const parse = (whole: unknown) => parseDefinitions(JSON.stringify(whole), "it.json");
const policy = { name: "p", pattern: ".", definition: {} };

describe("A policy holds", () => {
  const definition = { "dead-letter-exchange": "dlx", "message-ttl": 1 };

  function deadLetters(but: object, queueType = "classic", more: object[] = []) {
    const queues = [{ name: "work", arguments: { "x-queue-type": queueType } }];
    const whole = parse({ queues, policies: [{ ...policy, definition, ...but }, ...more] });
    const [queue] = whole.queues;
    return queue && termsOf(whole, queue).deadLetters?.exchange;
  }

  it.each<[string, object, string, string | undefined]>([
    ["for all", { "apply-to": "all" }, "classic", "dlx"],
    ["for queues", { "apply-to": "queues" }, "quorum", "dlx"],
    ["for queues of its type", { "apply-to": "quorum_queues" }, "quorum", "dlx"],
    ["not for those of another", { "apply-to": "quorum_queues" }, "classic", undefined],
    ["not for exchanges", { "apply-to": "exchanges" }, "classic", undefined],
    ["not for other names", { pattern: "^tasks" }, "classic", undefined],
    ["not by a pattern that nobody here can read", { pattern: "(?<" }, "classic", undefined],
  ])("%s", (_for, but, queueType, exchange) => {
    expect(deadLetters(but, queueType)).toBe(exchange);
  });

  it("by the highest priority", () => {
    const other = { ...policy, definition: { "dead-letter-exchange": "other" } };
    expect(deadLetters({ priority: 2 }, "classic", [{ ...other, priority: 10 }])).toBe("other");
    expect(deadLetters({ priority: 20 }, "classic", [{ ...other, priority: 10 }])).toBe("dlx");
  });
});

describe("A queue's terms", () => {
  const termsWith = (args: object) => {
    const whole = parse({ queues: [{ name: "q", arguments: args }] });
    const [queue] = whole.queues;
    return queue && termsOf(whole, queue);
  };

  it("say what drops a task: time and length", () => {
    expect(termsWith({ "x-message-ttl": 1, "x-max-length": 1 })).toEqual({
      type: "classic",
      deadLetters: undefined,
      expires: true,
      discards: ["ttl", "length-limit"],
    });
  });

  it("say where dead letters go, if that is something to go by", () => {
    const to = (exchange: unknown, key?: unknown) =>
      termsWith({ "x-dead-letter-exchange": exchange, "x-dead-letter-routing-key": key });
    expect(to("dlx", "k")?.deadLetters).toEqual({ exchange: "dlx", routingKey: "k" });
    expect(to("dlx", 3)?.deadLetters).toEqual({ exchange: "dlx", routingKey: undefined });
    expect(to(3, "k")?.deadLetters).toBeUndefined();
  });

  it.each([
    ["quorum", "quorum"],
    ["classic", "classic"],
    ["x-whatever", "classic"],
  ])("count %s as %s", (type, expected) => {
    const [queue] = parse({ queues: [{ name: "q", arguments: { "x-queue-type": type } }] }).queues;
    expect(queue && typeOf(queue)).toBe(expected);
  });
});

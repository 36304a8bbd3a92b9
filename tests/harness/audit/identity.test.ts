/** Where a task carries its id, and where one is found. */
import { describe, expect, test } from "vitest";
import { identify, identityOf, payloadOf, propertiesOf } from "../../../harness/audit/identity.ts";
import { BY_MESSAGE_ID } from "../../../harness/link/identity.ts";

const isTask = (id: string) => id.startsWith("task-");

test("a task carries its id as messageId, and in its place", () => {
  expect(propertiesOf("task-1", "messageId")).toEqual({ messageId: "task-1" });
  expect(propertiesOf("task-1", "correlationId")).toEqual({
    messageId: "task-1",
    correlationId: "task-1",
  });
  expect(propertiesOf("task-1", "header:x-order")).toEqual({
    messageId: "task-1",
    headers: { "x-order": "task-1" },
  });
});

test("the payload has the id wherever the template asks for it, as it is", () => {
  expect(payloadOf('{"id":"{{id}}","again":"{{id}}"}', "$&").toString()).toBe(
    '{"id":"$&","again":"$&"}',
  );
  expect(payloadOf("{{ID}} {{", "task-1").toString()).toBe("{{ID}} {{");
});

describe("an id is found", () => {
  test.for([
    ["in its place", "header:x", { headers: { x: "task-1" }, messageId: "task-2" }, "task-1"],
    [
      "in its place before any other",
      "correlationId",
      { messageId: "task-2", correlationId: "task-1" },
      "task-1",
    ],
    ["as messageId otherwise", "header:x", { messageId: "task-2" }, "task-2"],
    ["as correlationId otherwise", "messageId", { correlationId: "task-3" }, "task-3"],
    [
      "where it names a task, before an id of the worker's own",
      "messageId",
      { messageId: "0193-uuid", correlationId: "task-3" },
      "task-3",
    ],
    ["as it is, where none names a task", "correlationId", { messageId: "other" }, "other"],
    ["as a number", "header:x", { headers: { x: 17 } }, "17"],
    ["as a large number", "header:x", { headers: { x: 2n ** 60n } }, "1152921504606846976"],
    [
      "not in a header of its place's name",
      "messageId",
      { headers: { messageId: "task-1" } },
      null,
    ],
    ["as bytes", "header:x", { headers: { x: Buffer.from("task-1") } }, "task-1"],
    ["nowhere", "header:x", { headers: { x: { deep: "task-1" } }, messageId: "" }, null],
    ["nowhere in an empty message", "header:x", {}, null],
  ] as const)("%s", ([, place, message, id]) => {
    expect(identify(place, isTask)(message)).toBe(id);
  });
});

describe("what a subject publishes", () => {
  const { isOutput } = identityOf("messageId", isTask, ({ routingKey }) => routingKey === "retry");
  const publish = { subject: "worker-1", task: "task-1", exchange: "", routingKey: "retry" };

  test.for([
    ["a task, sent on to where tasks wait", {}, false],
    ["a message about a task, to anywhere else", { routingKey: "done" }, true],
    ["a message without an id", { task: null }, true],
    ["a message with an id of its own", { task: "0193-uuid" }, true],
    ["anything by the harness itself", { subject: "publisher", routingKey: "done" }, false],
  ] as const)("%s", ([, besides, expected]) => {
    expect(isOutput({ ...publish, ...besides })).toBe(expected);
  });
});

test("headers are read only where an id is in one", () => {
  const readsHeaders = (place: "messageId" | "header:x") =>
    identityOf(place, isTask, () => true).headers;
  expect([readsHeaders("messageId"), readsHeaders("header:x")]).toEqual([false, true]);
});

test("the link's own way is by messageId, and takes every publish for a task", () => {
  const { headers, taskOf, isOutput } = BY_MESSAGE_ID;
  expect(headers).toBe(false);
  expect(taskOf({ messageId: "task-1" })).toBe("task-1");
  expect(taskOf({})).toBeNull();
  const route = { subject: "worker-1", task: null, exchange: "", routingKey: "done" };
  expect(isOutput(route)).toBe(false);
});

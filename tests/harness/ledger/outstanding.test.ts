import { describe, expect, it } from "vitest";
import { Ledger } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";

const delivered = () => story().stores("a").delivers("a", "w");
const automatic = () => story().stores("a").delivers("a", "w", { noAck: true });

function outstandingAfter(told: Story): string[] {
  const ledger = new Ledger();
  for (const event of told.events) ledger.add(event);
  expect(ledger.outstandingCount).toBe(ledger.outstanding().length);
  return ledger.outstanding();
}

describe("A task is outstanding", () => {
  it.each<[string, () => Story]>([
    ["once its publish is confirmed", () => story().stores("a")],
    ["while it is delivered and unacked", delivered],
    [
      "when its publish is unknown, but it was delivered",
      () => story().publishes("a").delivers("a", "w"),
    ],
    ["when its effect is done and its ack is not", () => delivered().does("w", "a")],
    ["when its ack never reached the broker", () => delivered().acks("w", "a", { dropped: true })],
    ["when its channel closed before the ack", () => delivered().closesChannel("w")],
    ["when its connection closed before the ack", () => delivered().hangsUp("w")],
    ["when it was rejected with requeue", () => delivered().rejects("w", "a", { requeue: true })],
    [
      "when it was delivered again after its ack",
      () => delivered().acks("w", "a").hangsUp("w").delivers("a", "w"),
    ],
    ["when it was published twice and acked once", () => delivered().stores("a").acks("w", "a")],
    ["when it came with automatic acks, and its effect is to come", automatic],
    [
      "when others before it were acked at once",
      () =>
        story()
          .publishes("b")
          .publishes("c")
          .delivers("b", "w")
          .delivers("c", "w")
          .delivers("a", "w")
          .acks("w", "c", { tasks: ["b", "c"], multiple: true }),
    ],
  ])("%s", (_when, told) => {
    expect(outstandingAfter(told())).toEqual(["a"]);
  });
});

describe("A task is not outstanding", () => {
  it.each<[string, () => Story]>([
    ["before its publish is confirmed", () => story().publishes("a")],
    ["when it was returned", () => story().publishes("a").returns("a").confirms("a")],
    ["when it was refused", () => story().publishes("a").refuses("a")],
    [
      "when the client never saw the confirm",
      () => story().publishes("a").confirms("a", { dropped: true }),
    ],
    ["when it was acked", () => delivered().acks("w", "a")],
    ["when it was rejected for good", () => delivered().rejects("w", "a")],
    [
      "when it was acked after it came back",
      () => delivered().hangsUp("w").delivers("a", "v").acks("v", "a"),
    ],
    [
      "when both of its copies were acked",
      () => delivered().stores("a").acks("w", "a").delivers("a", "w").acks("w", "a"),
    ],
    ["when it came with automatic acks, and its effect is done", () => automatic().does("w", "a")],
    ["when it came with automatic acks, and its connection closed", () => automatic().hangsUp("w")],
    [
      "when it came with automatic acks, and its subject exited",
      () => automatic().starts("w").dies("w"),
    ],
    ["when it was drained", () => delivered().hangsUp("w").drains("tasks", "a")],
  ])("%s", (_when, told) => {
    expect(outstandingAfter(told())).toEqual([]);
  });
});

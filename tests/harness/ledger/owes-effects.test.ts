/** Whether effects are to come of tasks that were acked before them. */
import { expect, it } from "vitest";
import { Ledger } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";

function owes({ events }: Story): boolean {
  const ledger = new Ledger();
  for (const event of events) ledger.add(event);
  return ledger.owesEffects;
}

const early = () => story().stores("a", "b").delivers("a", "w").acks("w", "a");

it("An effect is owed from an early ack on, though none was seen before", () => {
  expect(owes(story().stores("a").delivers("a", "w"))).toBe(false);
  expect(owes(early())).toBe(true);
});

it("No effect is owed once it is done, whatever else is", () => {
  expect(owes(early().does("w", "a"))).toBe(false);
  expect(owes(early().does("w", "a").works("w", "b"))).toBe(false);
  expect(owes(story().stores("a").works("w", "a"))).toBe(false);
});

import { expect, test } from "vitest";
import { longest } from "../../../harness/ledger/availability.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import { story } from "./history-builder.ts";

const broker = { target: "broker", deliveries: null };

test("A fault answers for what it finds and begins, from its injection on", () => {
  const waiting = story().publishes("a").waits(1_000).injects("broker-pause", "broker");
  const { faults, run } = judge(waiting.waits(200).confirms("a").events).availability;
  expect(faults).toEqual([{ injection: 1, fault: "broker-pause", confirms: 201, ...broker }]);
  expect(run).toEqual({ confirms: 1_202, deliveries: null });
});

test("A fault does not answer for what was over before it, nor for what the next one begins", () => {
  const before = story().publishes("a").waits(5_000).confirms("a");
  const first = before.injects("memory-alarm", "broker").publishes("b").waits(300).confirms("b");
  const second = first.injects("broker-pause", "broker").publishes("c").waits(700).confirms("c");
  expect(judge(second.events).availability.faults).toMatchObject([
    { fault: "memory-alarm", confirms: 301 },
    { fault: "broker-pause", confirms: 701 },
  ]);
});

test("A wait that outlasts the next fault's injection is the doing of both", () => {
  const waiting = story().injects("memory-alarm", "broker").publishes("a").waits(400);
  const both = waiting.injects("broker-pause", "broker").waits(600).confirms("a");
  expect(judge(both.events).availability.faults).toMatchObject([
    { confirms: 1_002 },
    { confirms: 601 },
  ]);
});

test("A fault during which nobody wanted anything has no gap", () => {
  const told = story().stores("a").injects("broker-kill", "broker").waits(9_000).drains();
  expect(judge(told.events).availability.faults).toMatchObject([
    { confirms: null, deliveries: null },
  ]);
});

test("An empty history has none either", () => {
  expect(judge([]).availability).toEqual({ run: { confirms: null, deliveries: null }, faults: [] });
});

test("A verdict has it, and it survives JSON", () => {
  const told = story().starts("p").publishes("a", { subject: "p" }).waits(2_000).drains();
  const { availability } = JSON.parse(JSON.stringify(judge(told.events)));
  expect(availability).toEqual({ run: { confirms: "unending", deliveries: null }, faults: [] });
});

test.each([
  [[], null],
  [[null, null], null],
  [[null, 0], 0],
  [[3, 12, null], 12],
  [[3, "unending", 12], "unending"],
] as const)("The longest of %j is %j", (gaps, expected) => {
  expect(longest(gaps)).toBe(expected);
});

import { expect, test } from "vitest";
import type { FaultName } from "../../../harness/history/event.ts";
import type { FaultGaps, Gap } from "../../../harness/ledger/availability.ts";
import {
  availabilityInWords,
  availabilityLines,
} from "../../../harness/report/availability-words.ts";

function of(...faults: [FaultName, Gap, Gap][]) {
  const all = faults.map(([fault, confirms, deliveries], index): FaultGaps => {
    return { injection: index + 1, fault, target: "broker", confirms, deliveries };
  });
  return { run: { confirms: null, deliveries: null }, faults: all };
}

test.each([
  [1_234, 800, "no confirm for 1.2 s, no delivery for 0.8 s"],
  [1_234, null, "no confirm for 1.2 s"],
  [49, 50, "no delivery for 0.1 s"],
  [0, null, ""],
  ["unending", 800, "no confirm any more, no delivery for 0.8 s"],
] as const)("gaps of %j and %j: %j", (confirms, deliveries, words) => {
  expect(availabilityInWords(of(["broker-kill", confirms, deliveries]))).toBe(words);
});

test("of several faults, the longest is told", () => {
  const availability = of(["broker-kill", 1_000, 3_000], ["stall", 2_000, null]);
  expect(availabilityInWords(availability)).toBe("no confirm for 2.0 s, no delivery for 3.0 s");
  expect(availabilityLines(availability)).toEqual([
    "fault 1 (broker-kill of broker): no confirm for 1.0 s, no delivery for 3.0 s",
    "fault 2 (stall of broker): no confirm for 2.0 s",
  ]);
});

test("a fault of one subject alone is no outage of the broker", () => {
  const availability = of(["worker-kill", 5_000, 5_000], ["producer-kill", 5_000, 5_000]);
  expect([availabilityInWords(availability), availabilityLines(availability)]).toEqual(["", []]);
});

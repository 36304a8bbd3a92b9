import { describe, expect, test } from "vitest";
import { matching } from "../../../harness/broker/choose-broker.ts";
import { exitCodeOf, worstOf } from "../../../harness/cli/exit-code.ts";

describe("exit codes", () => {
  test("each outcome has its own", () => {
    const outcomes = ["held", "broken", "inconclusive", "setup"] as const;
    expect(outcomes.map(exitCodeOf)).toEqual([0, 1, 2, 3]);
    expect(exitCodeOf("not-applicable")).toBe(0);
  });

  test.each([
    [[], 0],
    [[0, 0], 0],
    [[0, 2, 0], 2],
    [[2, 1], 1],
    [[1, 2, 3], 3],
  ] as const)("the worst of %j is %i", (codes, worst) => {
    expect(worstOf(codes)).toBe(worst);
  });
});

describe("the broker that is meant", () => {
  const prepared = [
    { name: "ackproof/rabbitmq:bookworm", version: "3.10.8" },
    { name: "ackproof/rabbitmq:trixie", version: "4.0.5" },
    { name: "rabbitmq:4.0", version: "4.0.9" },
    { name: "home-made", version: undefined },
  ];

  test.each([
    ["3.10.8", "ackproof/rabbitmq:bookworm"],
    ["3.10", "ackproof/rabbitmq:bookworm"],
    ["3", "ackproof/rabbitmq:bookworm"],
    ["4.0", "rabbitmq:4.0"],
    ["ackproof/rabbitmq:trixie", "ackproof/rabbitmq:trixie"],
    ["home-made", "home-made"],
    // Not a part of 3.10.
    ["3.1", undefined],
    ["5", undefined],
  ])("%s is %s", (broker, image) => {
    expect(matching(broker, prepared)).toBe(image);
  });
});

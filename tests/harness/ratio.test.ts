import { expect, test } from "vitest";
import { describeSpread, spread, timeRatio } from "../../harness/scenario/ratio.ts";

test("a spread is the lowest, the middle and the highest", () => {
  expect(spread([3, 1, 2])).toEqual({ lowest: 1, median: 2, highest: 3 });
  expect(spread([4, 1, 2, 3])).toEqual({ lowest: 1, median: 2.5, highest: 4 });
  expect(describeSpread(spread([1, 2, 3]))).toBe("2.00 (1.00 to 3.00)");
  expect(() => spread([])).toThrow("nothing to spread");
});

test("a ratio times both actions in every round, and takes turns", async () => {
  const order: string[] = [];
  const { lowest } = await timeRatio(
    3,
    async () => order.push("first"),
    async () => order.push("second"),
  );
  const untimed = ["first", "second"];
  const rounds = ["first", "second", "second", "first", "first", "second"];
  expect(order).toEqual([...untimed, ...rounds]);
  expect(lowest).toBeGreaterThan(0);
});

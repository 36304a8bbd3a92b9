import { expect, test } from "vitest";
import { Interruption } from "../../../harness/cli/interruption.ts";
import { SetupError } from "../../../harness/errors.ts";

test("a run is interrupted once, for the first reason", () => {
  const interruption = new Interruption();
  expect(interruption.reason).toBeUndefined();
  const [first, second] = [new SetupError("no engine"), new SetupError("interrupted.")];
  interruption.interrupt(first);
  interruption.interrupt(second);
  expect(interruption.reason).toBe(first);
});

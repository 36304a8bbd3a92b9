import { expect, test } from "vitest";
import { rerunOf } from "../../../harness/report/rerun.ts";

const SPEC = { promise: "A task (of 2) is done", queueType: "classic" } as const;

test.each([
  ["tests/guarantees/acks.spec.ts", "guarantees"],
  ["tests/findings/acks.spec.ts", "guarantees"],
  ["tests/disasters/upgrade.spec.ts", "disasters"],
])("a spec in %s is run again by a command of the suite", (file, command) => {
  const again = `npm run ${command} -- -t "A task (of 2) is done" --queue classic`;
  expect(rerunOf({ file, ...SPEC })).toBe(again);
});

test("a spec of somebody else's is run again by vitest, which takes a pattern", () => {
  const again = rerunOf({ file: "acks.spec.ts", ...SPEC }, true);
  expect(again).toBe('npx vitest run acks.spec.ts -t "A task .of 2. is done · classic"');
});

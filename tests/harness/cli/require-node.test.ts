import { expect, test } from "vitest";
import { requireNode } from "../../../harness/cli/require-node.ts";
import { SetupError } from "../../../harness/errors.ts";

test.each(["22.18.0", "22.18", "22.20.1", "24.0.0", "100.0.0"])("%s will do", (version) => {
  expect(() => requireNode(">=22.18", version)).not.toThrow();
});

test.each(["22.17.9", "22.9.0", "20.19.4", "9.11.2"])(
  "%s is too old, and is told so",
  (version) => {
    const told = `This needs Node 22.18 or newer, and runs on ${version}.`;
    expect(() => requireNode(">=22.18", version)).toThrow(new SetupError(told));
  },
);

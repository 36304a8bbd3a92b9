import { expect, test } from "vitest";
import { SetupError } from "../../harness/errors.ts";
import { parseOptions } from "./options.ts";
import { runAll } from "./run.ts";
import { atLeast } from "./sample.ts";

const BROKER = { version: "4.3.6", image: "rabbitmq:4.3" };

test("each is measured in turn, and what one can't measure costs the others nothing", async () => {
  const options = parseOptions(["--quick"], ["lame", "broken", "sound"]);
  const report = await runAll(
    {
      lame: async () => Promise.reject(new SetupError("There is no engine.")),
      broken: async () => Promise.reject(new TypeError("It has a defect.")),
      sound: async ({ met }) => {
        met.see(BROKER);
        return [{ what: "a ratio", unit: "", rounds: [2, 1], bound: atLeast(1) }];
      },
    },
    options,
  );
  expect(report).toMatchObject({
    rerun: "npm run bench -- lame broken sound --quick --rounds 2",
    quick: true,
    machine: { broker: BROKER, node: process.version },
    figures: [{ benchmark: "sound", what: "a ratio", median: 1.5, met: true }],
    failed: [
      { benchmark: "lame", reason: "There is no engine." },
      { benchmark: "broken", reason: "It has a defect." },
    ],
  });
});

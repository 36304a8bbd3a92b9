import { expect, test } from "vitest";
import { figureOf } from "../sample.ts";
import { describeRounds, type KillRound, samplesOf } from "./figures.ts";

const round = (boot: number, done: number): KillRound => ({
  boot,
  verdict: { dead: 100, up: 4000, done, judged: 200 },
});

const figures = (...rounds: KillRound[]) =>
  samplesOf("quorum", rounds).map((sample) => figureOf("kill", sample));

test("what is above the boot of its own round is judged, in seconds", () => {
  expect(figures(round(4000, 700)).map(({ what, median, met }) => [what, median, met])).toEqual([
    ["quorum: the broker's own boot", 4, null],
    ["quorum: from SIGKILL to verdict", 5, null],
    ["quorum: from SIGKILL to verdict, above the boot", 1, true],
  ]);
  expect(figures(round(4000, 701)).at(-1)?.met).toBe(false);
  // A boot that took longer is longer for both.
  const slow = { boot: 9000, verdict: { dead: 100, up: 9000, done: 500, judged: 200 } };
  expect(figures(slow).at(-1)).toMatchObject({ median: 0.8, met: true });
});

test("the report tells where the time went", () => {
  expect(describeRounds("classic", [round(4000, 700)])).toEqual([
    "classic, 1 rounds, seconds: median (lowest to highest)",
    "    the broker's own boot 4.00 (4.00 to 4.00)",
    "    the broker dies 0.10 (0.10 to 0.10)",
    "    and is up again 4.00 (4.00 to 4.00)",
    "    the last task ends 0.70 (0.70 to 0.70)",
    "    the verdict 0.20 (0.20 to 0.20)",
  ]);
});

import { describeSpread, spread } from "../../../harness/scenario/ratio.ts";
import { atMost, type Sample } from "../sample.ts";
import type { Verdict } from "./turns.ts";

/** Milliseconds, in turn on one broker. */
export interface KillRound {
  /** Of the broker alone. */
  boot: number;
  /** Of an experiment whose broker is killed. */
  verdict: Verdict;
}

/** Seconds above the broker's boot. */
const ABOVE = atMost(1);
const SECOND = 1000;

const PARTS = {
  dead: "the broker dies",
  up: "and is up again",
  done: "the last task ends",
  judged: "the verdict",
} satisfies Record<keyof Verdict, string>;

const PARTS_IN_ORDER = Object.keys(PARTS) as (keyof Verdict)[];

export function samplesOf(type: string, rounds: readonly KillRound[]): Sample[] {
  const seconds = (what: string, of: (round: KillRound) => number): Sample => ({
    what: `${type}: ${what}`,
    unit: "s",
    rounds: rounds.map((round) => of(round) / SECOND),
  });
  return [
    seconds("the broker's own boot", ({ boot }) => boot),
    seconds("from SIGKILL to verdict", ({ verdict }) => wholeOf(verdict)),
    {
      ...seconds(
        "from SIGKILL to verdict, above the boot",
        ({ verdict, boot }) => wholeOf(verdict) - boot,
      ),
      bound: ABOVE,
    },
  ];
}

/** Where the time goes, a line for each part. */
export function describeRounds(type: string, rounds: readonly KillRound[]): string[] {
  const seconds = (of: (round: KillRound) => number) =>
    describeSpread(spread(rounds.map((round) => of(round) / SECOND)));
  return [
    `${type}, ${rounds.length} rounds, seconds: median (lowest to highest)`,
    `    the broker's own boot ${seconds(({ boot }) => boot)}`,
    ...PARTS_IN_ORDER.map(
      (part) => `    ${PARTS[part]} ${seconds(({ verdict }) => verdict[part])}`,
    ),
  ];
}

function wholeOf(verdict: Verdict): number {
  return PARTS_IN_ORDER.reduce((sum, part) => sum + verdict[part], 0);
}

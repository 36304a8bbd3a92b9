import { describeSpread, spread } from "../../../harness/scenario/ratio.ts";
import { grouped } from "../../../harness/soak/words.ts";

/** What one round measured, in turn on one broker. Rates are tasks a second, sizes bytes. */
export interface SoakRound {
  /** Straight to the broker, with nobody who reads along. */
  raw: number;
  /** Through the link, with ledger and history. */
  account: number;
  /** And with workers and the broker killed meanwhile; outages are a part of its time. */
  killed: number;
  workerKills: number;
  brokerKills: number;
  /** Was every account exact, and nothing lost? */
  held: boolean;
  /** Of the harness, at most. */
  memory: number;
  /** Of the history on disk, for each task. */
  bytes: number;
}

/**
 * The promised share of the raw throughput, kills and outages included; and for how many tasks. With
 * fewer, a broker takes longer to boot than the tasks take.
 */
const SHARE = 0.5;
const JUDGED_FROM = 1_000_000;
const MB = 1_000_000;

export interface Share {
  measured: number;
  /** Undefined where there are too few tasks to judge. */
  met: boolean | undefined;
}

/** By the median of the rounds' own ratios. */
export function shareOf(messages: number, rounds: readonly SoakRound[]): Share {
  const { median } = spread(rounds.map(({ killed, raw }) => killed / raw));
  return { measured: median, met: messages < JUDGED_FROM ? undefined : median >= SHARE };
}

/** Every account exact, nothing lost, and the share there, where it is judged. */
export function isMet(messages: number, rounds: readonly SoakRound[]): boolean {
  return rounds.every(({ held }) => held) && shareOf(messages, rounds).met !== false;
}

export function describeRounds(messages: number, rounds: readonly SoakRound[]): string[] {
  const { workerKills = 0, brokerKills = 0 } = rounds[0] ?? {};
  const rate = (figure: (round: SoakRound) => number) =>
    `${grouped(spread(rounds.map(figure)).median)}/s`;
  const share = (figure: (round: SoakRound) => number) =>
    describeSpread(spread(rounds.map((round) => figure(round) / round.raw)));
  const kills = `${workerKills} worker and ${brokerKills} broker kills`;
  const { measured, met } = shareOf(messages, rounds);
  const judged = met === undefined ? "few   " : met ? "met   " : "MISSED";
  return [
    `${grouped(messages)} tasks, ${rounds.length} rounds: median (lowest to highest)`,
    `    raw ${rate(({ raw }) => raw)}`,
    `    with the account ${rate(({ account }) => account)}, of raw ${share(({ account }) => account)}`,
    `    and ${kills} ${rate(({ killed }) => killed)}, of raw ${share(({ killed }) => killed)}`,
    `    memory at most ${grouped(Math.max(...rounds.map(({ memory }) => memory)) / MB)} MB, ` +
      `history ${spread(rounds.map(({ bytes }) => bytes)).median.toFixed(1)} bytes a task`,
    `${judged}  soak with kills / raw  ${measured.toFixed(2)}  at least ${SHARE.toFixed(2)} of ${grouped(JUDGED_FROM)} tasks`,
    `${rounds.every(({ held }) => held) ? "met   " : "MISSED"}  every account exact, nothing lost`,
  ];
}

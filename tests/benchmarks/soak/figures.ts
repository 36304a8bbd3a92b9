import { describeSpread, spread } from "../../../harness/scenario/ratio.ts";
import { grouped } from "../../../harness/soak/words.ts";
import { atLeast, atMost, type Sample, under } from "../sample.ts";

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
const SHARE = atLeast(0.5);
const JUDGED_FROM = 1_000_000;
/** Seconds for so many, kills and outages included. */
const IN_TIME = under(300);
const MB = 1_000_000;

/** Rates as shares of the raw one of their own round. */
export function samplesOf(messages: number, rounds: readonly SoakRound[]): Sample[] {
  const { workerKills = 0, brokerKills = 0 } = rounds[0] ?? {};
  const kills = `${workerKills} worker and ${brokerKills} broker kills`;
  const each = (figure: (round: SoakRound) => number) => rounds.map(figure);
  const of = (what: string) => `${grouped(messages)} tasks: ${what}`;
  return [
    { what: of("raw"), unit: "/s", rounds: each(({ raw }) => raw) },
    { what: of("with the account / raw"), unit: "", rounds: each((one) => one.account / one.raw) },
    {
      what: of(`with ${kills} / raw`),
      unit: "",
      rounds: each(({ killed, raw }) => killed / raw),
      bound: SHARE,
      isJudged: messages >= JUDGED_FROM,
    },
    {
      what: of(`with ${kills}`),
      unit: "s",
      rounds: each(({ killed }) => messages / killed),
      bound: IN_TIME,
      isJudged: messages >= JUDGED_FROM,
    },
    {
      // A count of all rounds: one that is wrong is not made good by the others.
      what: of("rounds whose account is not exact, or loses a task"),
      unit: "",
      rounds: [rounds.filter(({ held }) => !held).length],
      bound: atMost(0),
    },
    { what: of("memory of the harness"), unit: "MB", rounds: each(({ memory }) => memory / MB) },
    { what: of("history, for a task"), unit: "B", rounds: each(({ bytes }) => bytes) },
  ];
}

export function describeRounds(messages: number, rounds: readonly SoakRound[]): string[] {
  const { workerKills = 0, brokerKills = 0 } = rounds[0] ?? {};
  const rate = (figure: (round: SoakRound) => number) =>
    `${grouped(spread(rounds.map(figure)).median)}/s`;
  const share = (figure: (round: SoakRound) => number) =>
    describeSpread(spread(rounds.map((round) => figure(round) / round.raw)));
  const kills = `${workerKills} worker and ${brokerKills} broker kills`;
  return [
    `${grouped(messages)} tasks, ${rounds.length} rounds: median (lowest to highest)`,
    `    raw ${rate(({ raw }) => raw)}`,
    `    with the account ${rate(({ account }) => account)}, of raw ${share(({ account }) => account)}`,
    `    and ${kills} ${rate(({ killed }) => killed)}, of raw ${share(({ killed }) => killed)}`,
    `    memory at most ${grouped(Math.max(...rounds.map(({ memory }) => memory)) / MB)} MB, ` +
      `history ${spread(rounds.map(({ bytes }) => bytes)).median.toFixed(1)} bytes a task`,
  ];
}

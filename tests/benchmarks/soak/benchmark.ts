/**
 * The price of the account: the same load straight to the broker; through the link, with the ledger
 * and the history on disk; and the same with workers and the broker killed meanwhile. In turn, on
 * one broker. On two cores the broker, the programs and the harness compete for them.
 */
import type { Broker } from "../../../harness/broker/broker.ts";
import { defaultImage } from "../../../harness/broker/image.ts";
import { say } from "../../../harness/cli/say.ts";
import { onOwnBroker } from "../../../harness/scenario/own-broker.ts";
import { RunDirectory } from "../../../harness/scenario/run-directory.ts";
import type { SoakOptions } from "../../../harness/soak/options.ts";
import { ownPrograms } from "../../../harness/soak/programs.ts";
import { type SoakResult, soak } from "../../../harness/soak/soak.ts";
import type { Bench } from "../benchmark.ts";
import type { Sample } from "../sample.ts";
import { inScratch } from "../scratch.ts";
import { describeRounds, type SoakRound, samplesOf } from "./figures.ts";
import { rawRate } from "./raw.ts";

const MESSAGES = 100_000;
const QUICK = 20_000;
const WARM_UP = 20_000;

/** Tasks for each kill, as the numbers promise it: twenty and three in a million. */
const FOR_WORKER_KILL = 50_000;
const FOR_BROKER_KILL = 333_333;
const NO_KILLS = { workerKills: 0, brokerKills: 0 };

export async function measureSoak({ options, met }: Bench): Promise<Sample[]> {
  const messages = options.messages ?? (options.quick ? QUICK : MESSAGES);
  const count = options.quick ? 1 : Math.ceil(options.rounds / 2);
  const measureAll = async (broker: Broker) => {
    met.see(broker);
    await warmUp(broker);
    const rounds: SoakRound[] = [];
    while (rounds.length < count) rounds.push(await measure(broker, messages, rounds.length));
    return rounds;
  };
  const image = await defaultImage();
  const rounds = await inScratch(() => onOwnBroker(image, measureAll));
  for (const line of describeRounds(messages, rounds)) say(line);
  return samplesOf(messages, rounds);
}

/** A broker gets faster over its first ten thousands. */
async function warmUp(broker: Broker): Promise<void> {
  const directory = open("warm-up", broker);
  const programs = ownPrograms();
  await rawRate({ messages: WARM_UP, queueType: "classic", programs }, broker, directory);
  directory.discard();
}

/** Raw and with the account, who goes first alternates; then with kills besides. */
async function measure(broker: Broker, messages: number, number: number): Promise<SoakRound> {
  const programs = ownPrograms();
  const base = { messages, seed: number + 1, queueType: "classic", programs } as const;
  const kills = {
    workerKills: Math.max(1, Math.round(messages / FOR_WORKER_KILL)),
    brokerKills: Math.max(1, Math.round(messages / FOR_BROKER_KILL)),
  };
  const rates = { raw: 0, account: 0 };
  const turns = [
    async () => {
      const directory = open(`raw-${number}`, broker);
      rates.raw = await rawRate(base, broker, directory);
      directory.discard();
    },
    async () => {
      const result = await run(broker, `account-${number}`, { ...base, ...NO_KILLS });
      rates.account = rateOf(result, messages);
    },
  ];
  for (const turn of number % 2 === 0 ? turns : turns.toReversed()) await turn();
  const killed = await run(broker, `killed-${number}`, { ...base, ...kills });
  return {
    ...rates,
    ...kills,
    killed: rateOf(killed, messages),
    held: killed.verdict.outcome === "held",
    memory: killed.memory.peak,
    bytes: killed.history.after / messages,
  };
}

async function run(broker: Broker, name: string, options: SoakOptions): Promise<SoakResult> {
  const directory = open(name, broker);
  const { signal } = new AbortController();
  const result = await soak(options, { broker }, directory, { signal });
  directory.discard();
  return result;
}

function rateOf({ took }: SoakResult, messages: number): number {
  return (messages / took) * 1000;
}

function open(id: string, { image, version }: Broker): RunDirectory {
  return RunDirectory.create(id, {
    title: id,
    rerun: "npm run bench -- soak",
    fault: "none",
    broker: { image, version },
    node: process.version,
    startedAt: new Date().toISOString(),
  });
}

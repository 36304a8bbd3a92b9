/**
 * The price of the link: the same work directly, through the link that records everything, through
 * a bare pipe in Node, and through haproxy in TCP mode, alternating in one run. On two cores
 * everybody competes for them; with more, the link is nearly free.
 */
import { say } from "../../../harness/cli/say.ts";
import type { Bench } from "../benchmark.ts";
import type { Options } from "../options.ts";
import type { Sample } from "../sample.ts";
import { memorySample, samplesOf } from "./bounds.ts";
import { runMemory } from "./memory.ts";
import { describeMemory, describeRounds } from "./report.ts";
import { type Round, runRound } from "./rounds.ts";
import { buildTopology, type Topology } from "./topology.ts";
import type { Workload } from "./workload.ts";

const KIB = 1024;
/** The size that the numbers are promised for. */
const JUDGED = KIB;
const SIZES = new Map([
  [16, "16 B"],
  [KIB, "1 KiB"],
  [64 * KIB, "64 KiB"],
]);

/** Seconds of direct publishing that a turn has messages for. */
const TURN = 1;
const QUICK_TURN = 0.1;
const TRIPS = 500;
/** Messages of each turn of the warm-up. Node still gets faster over the first ten thousands. */
const WARM_UP = 20_000;
const MANY = 1_000_000;
const QUICK_MANY = 20_000;

type Results = Map<number, Round[]>;

export async function measureLink({ options, met }: Bench): Promise<Sample[]> {
  const topology = await buildTopology();
  try {
    met.see(topology.broker);
    const results = await measureSizes(topology, options);
    const memory = await runMemory(topology, options.quick ? QUICK_MANY : MANY);
    for (const line of describeMemory(memory)) say(line);
    const sizes = [...results].flatMap(([size, rounds]) =>
      samplesOf(SIZES.get(size) ?? "", rounds, size === JUDGED),
    );
    return [...sizes, memorySample(memory)];
  } finally {
    await topology.close();
  }
}

async function measureSizes(topology: Topology, options: Options): Promise<Results> {
  const results: Results = new Map();
  for (const [size, name] of SIZES) {
    const judged = size === JUDGED;
    const workload = await sized(topology, { size, trips: judged ? TRIPS : 0 }, options.quick);
    const rounds: Round[] = [];
    const count = judged ? options.rounds : Math.ceil(options.rounds / 2);
    while (rounds.length < count) rounds.push(await runRound(topology, workload, rounds.length));
    results.set(size, rounds);
    for (const line of describeRounds(name, rounds)) say(line);
    say("");
  }
  return results;
}

/** Warms every path up, and finds out how many messages make a turn on this machine. */
async function sized(
  topology: Topology,
  workload: Omit<Workload, "count">,
  quick: boolean,
): Promise<Workload> {
  await runRound(topology, { ...workload, count: WARM_UP }, 0);
  const round = await runRound(topology, { ...workload, count: WARM_UP }, 1);
  const rate = round.get("publish")?.get("direct")?.rate ?? WARM_UP;
  return { ...workload, count: Math.ceil(rate * (quick ? QUICK_TURN : TURN)) };
}

/**
 * The price of durability: how fast tasks are published that are persistent, or confirmed, or both,
 * beside tasks that are neither; on each type of queue, in turn, on one broker.
 */
import type { Broker } from "../../../harness/broker/broker.ts";
import { defaultImage } from "../../../harness/broker/image.ts";
import { say } from "../../../harness/cli/say.ts";
import type { QueueType } from "../../../harness/history/event.ts";
import { onOwnBroker } from "../../../harness/scenario/own-broker.ts";
import type { Bench } from "../benchmark.ts";
import { rotated } from "../rotated.ts";
import type { Sample } from "../sample.ts";
import { CARES, type DurabilityRound, describeRounds, NEITHER, samplesOf } from "./figures.ts";
import { publish } from "./load.ts";

const QUEUE_TYPES: QueueType[] = ["classic", "quorum"];
const SIZE = 1024;

/** Tasks of each turn of the warm-up: Node and the broker get faster over the first ten thousands. */
const WARM_UP = 10_000;
/** Seconds of publishing without any care that a turn has tasks for. */
const TURN = 1;
const QUICK_TURN = 0.2;

export async function measureDurability({ options, met }: Bench): Promise<Sample[]> {
  return onOwnBroker(await defaultImage(), async (broker) => {
    met.see(broker);
    const samples: Sample[] = [];
    for (const queueType of QUEUE_TYPES) {
      const count = await countFor(broker, queueType, options.quick ? QUICK_TURN : TURN);
      const rounds: DurabilityRound[] = [];
      while (rounds.length < options.rounds) {
        rounds.push(await measure(broker, queueType, count, rounds.length));
      }
      for (const line of describeRounds(queueType, count, rounds)) say(line);
      samples.push(...samplesOf(queueType, rounds));
    }
    return samples;
  });
}

/** Every degree of care in turn; who goes first changes with the round. */
async function measure(
  broker: Broker,
  queueType: QueueType,
  count: number,
  number: number,
): Promise<DurabilityRound> {
  const round: DurabilityRound = new Map();
  for (const [name, care] of rotated(Object.entries(CARES), number)) {
    round.set(name, await publish({ ...care, url: urlOf(broker), queueType, count, size: SIZE }));
  }
  return round;
}

/** Warms everything up, and finds out how many tasks make a turn on this machine. */
async function countFor(broker: Broker, queueType: QueueType, seconds: number): Promise<number> {
  await measure(broker, queueType, WARM_UP, 0);
  const round = await measure(broker, queueType, WARM_UP, 1);
  return Math.max(WARM_UP, Math.ceil((round.get(NEITHER) ?? 0) * seconds));
}

function urlOf(broker: Broker): string {
  return broker.urlOf(broker.amqp ?? { host: "", port: 0 }, "/");
}

/**
 * From a broker's SIGKILL to the verdict of that experiment, against the broker's own boot with the
 * same on its disk: in turn, on one broker. What is above the boot is the harness's own.
 */
import type { Broker } from "../../../harness/broker/broker.ts";
import { defaultImage } from "../../../harness/broker/image.ts";
import { say } from "../../../harness/cli/say.ts";
import type { QueueType } from "../../../harness/history/event.ts";
import { onOwnBroker } from "../../../harness/scenario/own-broker.ts";
import type { Bench } from "../benchmark.ts";
import type { Sample } from "../sample.ts";
import { inScratch } from "../scratch.ts";
import { describeRounds, type KillRound, samplesOf } from "./figures.ts";
import { timeBoot, timeVerdict } from "./turns.ts";

export async function measureKill({ options, met }: Bench): Promise<Sample[]> {
  const types: QueueType[] = options.quick ? ["classic"] : ["classic", "quorum"];
  const image = await defaultImage();
  return inScratch(() =>
    onOwnBroker(image, async (broker) => {
      met.see(broker);
      const samples: Sample[] = [];
      for (const type of types) {
        const rounds = await roundsOn(broker, type, options.rounds);
        for (const line of describeRounds(type, rounds)) say(line);
        samples.push(...samplesOf(type, rounds));
      }
      return samples;
    }),
  );
}

/** A first turn of each is not counted: it opens what later ones find open. */
async function roundsOn(broker: Broker, type: QueueType, count: number): Promise<KillRound[]> {
  await measure(broker, type, 0);
  const rounds: KillRound[] = [];
  while (rounds.length < count) rounds.push(await measure(broker, type, rounds.length));
  return rounds;
}

/** Who goes first alternates. */
async function measure(broker: Broker, type: QueueType, number: number): Promise<KillRound> {
  if (number % 2 === 0) {
    const boot = await timeBoot(broker, type);
    return { boot, verdict: await timeVerdict(broker, type) };
  }
  const verdict = await timeVerdict(broker, type);
  return { boot: await timeBoot(broker, type), verdict };
}

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Channel, connect } from "amqplib";
import type { Broker } from "../../../harness/broker/broker.ts";
import { History } from "../../../harness/history/history.ts";
import type { RunDirectory } from "../../../harness/scenario/run-directory.ts";
import { type SoakOptions, WORKERS } from "../../../harness/soak/options.ts";
import { untilAnswered } from "../../../harness/until.ts";
import { Subject } from "../../../harness/workers/subject.ts";

const NEWLINE = 0x0a;

/** Milliseconds in which the rest of a queue is done. */
const PATIENCE = 600_000;

type Load = Pick<SoakOptions, "messages" | "queueType" | "programs">;

/**
 * The load of a soak and nothing else: the same programs, straight to the broker, with nobody who
 * reads along, and nobody who dies.
 *
 * @returns tasks a second, from the start of the producer to the last task's effect.
 */
export async function rawRate(
  { messages, queueType, programs }: Load,
  broker: Broker,
  directory: RunDirectory,
): Promise<number> {
  const { host, port } = broker.amqp ?? { host: "", port: 0 };
  const url = broker.urlOf({ host, port }, "/");
  const queue = `raw-${randomUUID().slice(0, 8)}`;
  const connection = await connect(url);
  const channel = await connection.createChannel();
  await channel.assertQueue(queue, {
    durable: true,
    arguments: { "x-queue-type": queueType },
  });
  const start = (name: string, command: readonly [string, ...string[]]) =>
    Subject.start({
      name,
      command: [...command],
      env: { AMQP_URL: url, QUEUE: queue, EFFECT_LOG: directory.effectLog(name) },
      logFile: directory.log(name),
      history: new History({ keep: false }),
    });
  const names = Array.from({ length: WORKERS }, (_, index) => `worker-${index + 1}`);
  const workers = await Promise.all(names.map((name) => start(name, programs.worker)));
  await untilAnswered(
    "the workers",
    async () => (await look(channel, queue)).consumers === WORKERS,
  );
  const began = performance.now();
  const producer = await start("producer", programs.producer(messages));
  await producer.exited;
  await untilAnswered("the rest", async () => (await look(channel, queue)).ready === 0, PATIENCE);
  await Promise.all(workers.map((worker) => worker.stop()));
  const took = performance.now() - began;
  const done = names.reduce((sum, name) => sum + linesIn(directory.effectLog(name)), 0);
  await channel.deleteQueue(queue);
  await connection.close();
  if (done !== messages) throw new Error(`${messages} were published, and ${done} done`);
  return (messages / took) * 1000;
}

async function look(channel: Channel, queue: string) {
  const { messageCount: ready, consumerCount: consumers } = await channel.checkQueue(queue);
  return { ready, consumers };
}

function linesIn(path: string): number {
  return readFileSync(path).reduce((sum, byte) => sum + (byte === NEWLINE ? 1 : 0), 0);
}

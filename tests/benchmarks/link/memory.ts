import type { Topology } from "./topology.ts";

/** Bytes that the link's process held while messages went through. */
export interface MemoryRun {
  messages: number;
  /** Events recorded, all of them in the file. */
  events: number;
  start: number;
  peak: number;
  end: number;
}

const SIZE = 16;
const WINDOW = 200;
const CONSUMERS = 10;
const PREFETCH = 100;

/** Published, delivered and acked. One confirm may answer for many. */
const EVENTS_PER_MESSAGE = 3;

/** Publishes and consumes through a fresh link, and looks at its memory. */
export async function runMemory(topology: Topology, messages: number): Promise<MemoryRun> {
  const { helper, address } = await topology.startLink();
  const start = (await helper.ask("memory")).now;
  const queue = "bench-memory";
  const consumption = { consumers: CONSUMERS, prefetch: PREFETCH };
  await topology.load.ask("publishAndConsume", {
    address,
    queue,
    count: messages,
    size: SIZE,
    window: WINDOW,
    ...consumption,
  });
  const { now: end, peak } = await helper.ask("memory");
  await topology.load.ask("deleteQueue", { address, queue });
  const events = await helper.ask("close");
  await helper.stop();
  if (events < messages * EVENTS_PER_MESSAGE) {
    throw new Error(`The link recorded ${events} events of ${messages} messages: that is not all`);
  }
  return { messages, events, start, peak, end };
}

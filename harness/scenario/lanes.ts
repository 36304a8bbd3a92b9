import { randomUUID } from "node:crypto";
import { Broker } from "../broker/broker.ts";
import { entrust } from "../reaper/reaper.ts";
import { removeContainers } from "../reaper/remove-containers.ts";

/** Brokers for specs that run side by side: each lane has one, which its spec may do anything to. */
export interface Lanes {
  /** Ids of the containers. */
  ids: string[];
  /** Milliseconds until all were up. */
  boot: number;
  close(): Promise<void>;
}

/** Boots all lanes at once. Whatever happens to this process, their containers go with it. */
export async function bootLanes(image: string, count: number): Promise<Lanes> {
  const began = performance.now();
  const owner = randomUUID();
  const done = entrust(`containers ${owner}`);
  const close = async () => {
    await removeContainers(owner);
    done();
  };
  const boots = Array.from({ length: count }, (_, lane) =>
    Broker.boot({ image, owner, name: `ackproof-${owner.slice(0, 8)}-${lane + 1}` }),
  );
  try {
    const brokers = await Promise.all(boots);
    return { ids: brokers.map(({ id }) => id), boot: performance.now() - began, close };
  } catch (error) {
    await Promise.allSettled(boots);
    await close();
    throw error;
  }
}

import { bootAll, bootOnDisks } from "../broker/boot-on-disks.ts";
import { removeOrphans } from "../reaper/orphans.ts";
import { entrust, newOwner } from "../reaper/reaper.ts";
import { removeResources } from "../reaper/resources.ts";

/** Brokers for specs that run side by side: each lane has one, which its spec may do anything to. */
export interface Lanes {
  /** Ids of the containers. */
  ids: string[];
  /** Milliseconds until all were up. */
  boot: number;
  /** What was removed before, of a run that could not tidy up after itself; a sentence. */
  removed: string | undefined;
  /** Why the brokers have no disks of their own, if they were to have them; a sentence. */
  diskless: string | undefined;
  close(): Promise<void>;
}

export interface LaneOptions {
  /** Whether each gets a disk of its own, whose power can be cut, if the engine grants it. */
  onDisks?: boolean;
  /** Breaks the boot off. */
  signal?: AbortSignal;
}

/**
 * Boots all lanes at once. Whatever happens to this process, their containers go with it.
 *
 * @throws the signal's reason where it was broken off, once nothing is left of it.
 */
export async function bootLanes(
  image: string,
  count: number,
  { onDisks = false, signal }: LaneOptions = {},
): Promise<Lanes> {
  const removed = await removeOrphans();
  const began = performance.now();
  const owner = newOwner();
  const done = entrust(`resources ${owner}`);
  const close = async () => {
    await removeResources(owner);
    done();
  };
  const name = (lane: number) => `ackproof-${owner.slice(0, 8)}-${lane + 1}`;
  const all = Array.from({ length: count }, (_, lane) => ({ image, owner, name: name(lane) }));
  // Whoever boots meets the end of its container, and gives up.
  const breakOff = () => void removeResources(owner).catch(() => {});
  signal?.addEventListener("abort", breakOff);
  try {
    signal?.throwIfAborted();
    const { brokers, diskless } = onDisks
      ? await bootOnDisks(image, all)
      : { brokers: await bootAll(all), diskless: undefined };
    signal?.throwIfAborted();
    const boot = performance.now() - began;
    return { ids: brokers.map(({ id }) => id), boot, removed, diskless, close };
  } catch (error) {
    await close();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", breakOff);
  }
}

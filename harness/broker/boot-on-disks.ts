import { removeResources } from "../reaper/resources.ts";
import { Broker } from "./broker.ts";
import type { ContainerOptions } from "./broker-container.ts";
import { Disk } from "./disk.ts";

export interface OnDisks {
  brokers: Broker[];
  /** Why they have no disks of their own, with what would help; undefined where they have. */
  diskless: string | undefined;
}

/**
 * Boots brokers, each on a disk of its own, whose power can be cut; or, where the engine does not
 * grant that, without.
 *
 * @param options of brokers that have one owner.
 * @throws {SetupError} when a broker does not boot without a disk either.
 */
export async function bootOnDisks(image: string, options: ContainerOptions[]): Promise<OnDisks> {
  const disk = await Disk.options(image);
  try {
    const brokers = await bootAll(options.map((one) => ({ ...one, ...disk })));
    return { brokers, diskless: undefined };
  } catch (error) {
    // If it was not about the disk, it happens again.
    const brokers = await bootAll(options);
    return { brokers, diskless: Disk.reason(error as Error) };
  }
}

/** Boots brokers at once. Where one does not come up, none is left. */
export async function bootAll(options: ContainerOptions[]): Promise<Broker[]> {
  const boots = options.map((one) => Broker.boot(one));
  try {
    return await Promise.all(boots);
  } catch (error) {
    await Promise.allSettled(boots);
    await Promise.all([...new Set(options.map(({ owner }) => owner))].map(removeResources));
    throw error;
  }
}

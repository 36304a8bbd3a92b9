import { OWNER_LABEL } from "./owner.ts";

/** What a harness starts on the engine, in the order in which it can be removed. */
export const KINDS = ["container", "network", "volume"] as const;
export type Kind = (typeof KINDS)[number];

/** Something on the engine that a harness owns. */
export interface Resource {
  kind: Kind;
  owner: string;
  /** False if somebody else was quicker, or still uses it. */
  remove(): Promise<boolean>;
}

/** The engine's answers when somebody else has removed it, is about to, or is using it. */
const NOT_OURS_TO_REMOVE = [404, 409, 403];

/** All that carries the owner label, of one owner or of any. One question for each kind. */
export async function resourcesOf(owner?: string): Promise<Resource[]> {
  // Imported late: the helper process that needs it only at its end stays small until then.
  const { getContainerRuntimeClient } = await import("testcontainers");
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = { label: [owner === undefined ? OWNER_LABEL : `${OWNER_LABEL}=${owner}`] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    dockerode.listContainers({ all: true, filters }),
    dockerode.listNetworks({ filters }),
    dockerode.listVolumes({ filters }),
  ]);
  const force = { force: true, v: true };
  return [
    ...containers.map(({ Id, Labels }) =>
      resource("container", Labels, () => dockerode.getContainer(Id).remove(force)),
    ),
    ...networks.map(({ Id, Labels }) =>
      resource("network", Labels, () => dockerode.getNetwork(Id).remove()),
    ),
    ...(volumes ?? []).map(({ Name, Labels }) =>
      resource("volume", Labels, () => dockerode.getVolume(Name).remove()),
    ),
  ];
}

/** Removes what it is given, whatever its state. @returns what was there to be removed. */
export async function remove(resources: readonly Resource[]): Promise<Resource[]> {
  const removed: Resource[] = [];
  for (const kind of KINDS) {
    const all = resources.filter((one) => one.kind === kind);
    const gone = await Promise.all(all.map((one) => one.remove()));
    removed.push(...all.filter((_, index) => gone[index]));
  }
  return removed;
}

/** Removes everything of one owner. */
export async function removeResources(owner: string): Promise<void> {
  await remove(await resourcesOf(owner));
}

function resource(
  kind: Kind,
  labels: Record<string, string> | undefined,
  ask: () => Promise<unknown>,
): Resource {
  return { kind, owner: labels?.[OWNER_LABEL] ?? "", remove: () => isRemovedBy(ask) };
}

async function isRemovedBy(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode === undefined || !NOT_OURS_TO_REMOVE.includes(statusCode)) throw error;
    return false;
  }
}

import { isOrphaned } from "./owner.ts";
import { KINDS, type Resource, remove, resourcesOf } from "./resources.ts";

/**
 * Removes what a harness left on the engine when it was killed together with the helper that would
 * have tidied up after it; nothing of a harness that lives, or of which nobody here can tell.
 *
 * @returns what was removed, or why it could not be, in a sentence; undefined where nothing was left.
 */
export async function removeOrphans(): Promise<string | undefined> {
  const all = await resourcesOf();
  try {
    const removed = await remove(all.filter(({ owner }) => isOrphaned(owner)));
    if (removed.length === 0) return undefined;
    return `Removed what a killed run had left: ${inWords(removed)}.`;
  } catch (error) {
    // No reason not to run: what is left is in nobody's way.
    return `What a killed run has left can't all be removed: ${(error as Error).message}`;
  }
}

/** `3 containers, 1 network` */
function inWords(resources: readonly Resource[]): string {
  const counts = KINDS.map((kind) => ({
    kind,
    count: resources.filter((one) => one.kind === kind).length,
  }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}${count === 1 ? "" : "s"}`)
    .join(", ");
}

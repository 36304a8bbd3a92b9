import { listInWords } from "./document-markdown.ts";
import { QUEUE_TYPES } from "./families.ts";
import type { SpecResult } from "./result.ts";

/** The versions that some results are of, oldest first. */
export function versionsOf(specs: readonly SpecResult[]): string[] {
  const versions = new Set(specs.map(({ broker }) => broker.version));
  return [...versions].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/**
 * Where something was found: `classic on every version; quorum on 3.10.8 and 4.0.5`.
 *
 * @param all the versions on which it was looked for.
 */
export function placesInWords(found: readonly SpecResult[], all: readonly string[]): string {
  const byVersions = Map.groupBy(
    QUEUE_TYPES.filter((type) => found.some(({ queueType }) => queueType === type)),
    (type) => versionsInWords(versionsOf(found.filter(({ queueType }) => queueType === type)), all),
  );
  return [...byVersions]
    .map(([versions, types]) => `${listInWords(types)} on ${versions}`)
    .join("; ");
}

function versionsInWords(versions: readonly string[], all: readonly string[]): string {
  return versions.length === all.length ? "every version" : listInWords(versions);
}

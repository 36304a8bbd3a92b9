import { listInWords } from "./document-markdown.ts";
import { versionsOf } from "./document-places.ts";
import { minorOf } from "./document-versions.ts";
import type { SpecResult } from "./result.ts";

/** Why results can't become the document; undefined where nothing stands against it. */
export function gapIn(specs: readonly SpecResult[]): string | undefined {
  if (specs.length === 0) return "nothing was run";
  const doubtful = specs.find(({ outcome }) => outcome !== "held" && outcome !== "not-applicable");
  if (doubtful) {
    const { promise, queueType, broker, outcome } = doubtful;
    return `"${promise}" is ${outcome} on RabbitMQ ${broker.version} (${queueType})`;
  }
  const versions = versionsOf(specs);
  const byPromise = Map.groupBy(specs, ({ promise, queueType }) => `${promise} · ${queueType}`);
  for (const [title, found] of byPromise) {
    const missing = versions.filter(
      (version) => !found.some(({ broker }) => broker.version === version),
    );
    if (missing.length > 0) return `"${title}" was not run on RabbitMQ ${listInWords(missing)}`;
  }
  return undefined;
}

/**
 * The versions that a document was proven on and that can't be run now. Without them it would
 * forget what it knows.
 */
export function versionsMissing(prepared: readonly string[], proven: readonly string[]): string[] {
  const here = new Set(prepared.map(minorOf));
  return proven.map(minorOf).filter((minor) => !here.has(minor));
}

import { anchorOf, blocks, counted, link } from "./document-markdown.ts";
import { capitalised, promiseSection } from "./document-promise.ts";
import type { Family, PromiseResults } from "./families.ts";
import type { SpecKind } from "./result.ts";

const FAMILY_LEVEL = 3;
const KINDS: readonly SpecKind[] = ["guarantee", "limit", "measurement", "finding"];
/** Words that are not written as a file's name is. */
const SPELLINGS: Record<string, string> = { ttl: "TTL", amqplib: "amqplib" };

/** A line for each family, with what it holds. */
export function tableOfContents(families: readonly Family[]): string[] {
  return families.map(({ name, promises }) => {
    const counts = KINDS.flatMap((kind) => {
      const count = promises.filter((promise) => promise.kind === kind).length;
      return count > 0 ? counted(count, kind) : [];
    });
    return `- ${link(familyTitle(name), anchorOf(familyTitle(name)))}: ${counts.join(", ")}`;
  });
}

/** @param opening what stands before the promises. */
export function familySection({ name, promises }: Family, opening: string[] = []): string[] {
  const heading = `${"#".repeat(FAMILY_LEVEL)} ${familyTitle(name)}`;
  const first = opening.length > 0 ? [opening] : [];
  return blocks([heading], ...first, ...promiseSections(promises, FAMILY_LEVEL + 1));
}

/**
 * A section for each promise in the order of its file, a limit one level below the guarantee before
 * it.
 */
export function promiseSections(promises: readonly PromiseResults[], level: number): string[][] {
  return promises.map((promise, index) =>
    promiseSection(promise, isTwin(promises, index) ? level + 1 : level),
  );
}

/** Whether a promise is the contrast of a guarantee before it. */
function isTwin(promises: readonly PromiseResults[], index: number): boolean {
  if (promises[index]?.kind !== "limit") return false;
  const before = promises.slice(0, index).findLast(({ kind }) => kind !== "limit");
  return before?.kind === "guarantee";
}

export function familyTitle(name: string): string {
  const words = capitalised(name).replaceAll("-", " ");
  return words.replace(/\w+/g, (word) => SPELLINGS[word.toLowerCase()] ?? word);
}

import { answerInShort } from "./account-words.ts";
import { anchorOf, escaped, link } from "./document-markdown.ts";
import { versionsOf } from "./document-places.ts";
import { headingOf } from "./document-promise.ts";
import { type Family, type PromiseResults, QUEUE_TYPES } from "./families.ts";
import type { SpecResult } from "./result.ts";

/** Families of which the first question is: what is left, on my version, in my type of queue? */
const TABLED: readonly string[] = ["power-loss"];

const NOT_RUN = "–";

/** All accounts of a family at a glance: a row for each promise, a column for each place. */
export function overviewTable({ name, promises }: Family): string[] {
  if (!TABLED.includes(name)) return [];
  const places = placesOf(promises.flatMap(({ found }) => found));
  const heads = places.map(({ version, type }) => `${type} on ${version}`);
  return [
    row(["", ...heads]),
    row(["---", ...heads.map(() => "---")]),
    ...promises.map((promise) => row([linked(promise), ...places.map(answerAt(promise))])),
  ];
}

interface Place {
  version: string;
  type: string;
}

function placesOf(found: readonly SpecResult[]): Place[] {
  return QUEUE_TYPES.flatMap((type) => versionsOf(found).map((version) => ({ version, type })));
}

function linked(promise: PromiseResults): string {
  return link(promise.promise, anchorOf(headingOf(promise)));
}

function answerAt({ found }: PromiseResults) {
  return ({ version, type }: Place): string => {
    const spec = found.find(
      ({ broker, queueType }) => broker.version === version && queueType === type,
    );
    if (!spec) return NOT_RUN;
    const isStable = !spec.underLoad || spec.outcome === "not-applicable";
    return isStable ? escaped(answerInShort(spec)) : "held";
  };
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

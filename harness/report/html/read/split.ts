import { isDeepStrictEqual } from "node:util";
import { type Share, type Split, shardInWords } from "../../shard.ts";
import type { Part } from "./part.ts";

/** A part that is a shard of something. */
type Sharded = Part & { share: Share };

/** Shards of the same split, by their index. */
export function splitsOf(parts: readonly Part[]): Sharded[][] {
  const shards = parts.filter((part): part is Sharded => part.share !== undefined);
  const groups = Map.groupBy(shards, ({ share: { count, of } }) => JSON.stringify([count, of]));
  return [...groups.values()].map((group) =>
    group.toSorted((a, b) => a.share.index - b.share.index),
  );
}

/** Two runs of the same shard: neither may count twice. A sentence; undefined where there is none. */
export function sameShardTwice(parts: readonly Part[]): string | undefined {
  for (const group of splitsOf(parts)) {
    for (const [at, { share, path }] of group.entries()) {
      const next = group[at + 1];
      if (next?.share.index !== share.index) continue;
      return `${nameOf(share)} is there twice, at ${path} and ${next.path}: give the one that counts.`;
    }
  }
  return undefined;
}

/** What keeps the shards from being the whole of what was split, a sentence each. */
export function gapsOf(parts: readonly Part[]): string[] {
  const splits = splitsOf(parts);
  return [
    ...splits.flatMap(missingOf),
    ...splits.flatMap(unrunOf),
    ...splits.flatMap(mixedOf),
    ...differencesOf(splits),
  ];
}

function missingOf(group: Sharded[]): string[] {
  const [first] = group;
  if (!first) return [];
  const { count } = first.share;
  const there = new Set(group.map(({ share }) => share.index));
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((one) => !there.has(one));
  return missing.map((index) => `${nameOf({ ...first.share, index })} is missing.`);
}

/** Where all shards are there, every file was to be somebody's. */
function unrunOf(group: Sharded[]): string[] {
  const [first] = group;
  if (!first || missingOf(group).length > 0) return [];
  const run = new Set(group.flatMap(({ share }) => share.files));
  const left = first.share.of.files.filter((file) => !run.has(file));
  return left.length === 0 ? [] : [`No shard has run ${left.join(", ")}.`];
}

/** An image's name is one thing on one machine and another on the next. */
function mixedOf(group: Sharded[]): string[] {
  const versions = group.flatMap(({ page }) => page.table?.columns.map(({ broker }) => broker));
  const different = [...new Set(versions)];
  if (different.length < 2) return [];
  const what = projectsOf(group[0]?.share.of);
  return [`The shards of ${what} ran on RabbitMQ ${different.join(" and ")}: none has all of it.`];
}

/** Shards that were meant for each other and are not of one split: what they differ in. */
function differencesOf(splits: Sharded[][]): string[] {
  const firsts = splits.flatMap(([first]) => first ?? []);
  return firsts.flatMap((one, at) =>
    firsts.slice(at + 1).flatMap((other) => {
      const isPair = projectsOf(one.share.of) === projectsOf(other.share.of);
      const isWhole = [one, other].every((part) =>
        splits.some((group) => group.includes(part) && missingOf(group).length === 0),
      );
      if (!isPair || isWhole) return [];
      const lines = differing(one.share, other.share);
      return `${one.name} and ${other.name} are no shards of one split: they differ in ${lines}.`;
    }),
  );
}

const WORDS: Record<keyof Split, string> = {
  ackproof: "the version of ackproof",
  projects: "the tests",
  titles: "the titles that were asked for",
  image: "the broker's image",
  files: "the test files that there are",
};

function differing(one: Share, other: Share): string {
  const keys = Object.keys(WORDS) as (keyof Split)[];
  const different = keys.filter((key) => !isDeepStrictEqual(one.of[key], other.of[key]));
  const counts = one.count === other.count ? [] : [`their number (${one.count}, ${other.count})`];
  const told = different.map((key) => {
    const [a, b] = [one.of[key], other.of[key]];
    return typeof a === "string" ? `${WORDS[key]} (${a || "all"}, ${b || "all"})` : WORDS[key];
  });
  return [...counts, ...told].join(", ");
}

/** `Shard 1 of 2 of guarantees on rabbitmq:4.3` */
function nameOf(share: Share): string {
  const words = shardInWords(share);
  return `${words[0]?.toUpperCase()}${words.slice(1)} of ${projectsOf(share.of)} on ${share.of.image}`;
}

function projectsOf(split: Split | undefined): string {
  return split?.projects.join(" and ") ?? "";
}

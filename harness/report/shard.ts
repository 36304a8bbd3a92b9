/** One of the parts into which a suite is split, so that each machine runs one: from 1 to `count`. */
export interface Shard {
  index: number;
  count: number;
}

/** What a shard is one of, and what fell to it. Shards of the same split add up to the whole. */
export interface Share extends Shard {
  of: Split;
  /** The files that fell to it, from the project's root. */
  files: string[];
}

/** What was split. Two shards belong together only where all of this is the same. */
export interface Split {
  ackproof: string;
  projects: string[];
  /** A pattern for titles; empty for every test. */
  titles: string;
  image: string;
  /** Every file of the whole suite, from the project's root. */
  files: string[];
}

/** `shard 1 of 2` */
export function shardInWords({ index, count }: Shard): string {
  return `shard ${index} of ${count}`;
}

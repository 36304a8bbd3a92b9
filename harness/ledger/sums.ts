/**
 * Sums that are counted while the events pass, apart from the tasks' own records. Conservation
 * compares the two.
 */
export class Sums {
  /** Ids that were published at least once. */
  published = 0;
  /** Ids with at least one confirm that the client heard, of a publish that was not returned. */
  confirmed = 0;
  /** Deliveries to subjects under test. */
  delivered = 0;
  /** Effects that the sink did. */
  done = 0;
  /** Subjects that used transactions. */
  readonly transactional = new Set<string>();
  /** Messages without an id, by where they were seen. */
  readonly unidentified = { published: 0, delivered: 0, drained: 0 };
}

/** What one sentence is about: how often it was seen, by whom, and for which tasks. */
export interface Group<Kind extends string = string> {
  readonly kind: Kind;
  /** A subject, a queue, or a text, as the kind has it. */
  readonly about: string;
  readonly tasks: Set<string>;
  count: number;
}

/** Observations of one kind about one party, gathered so that a thousand make one sentence. */
export class Grouped<Kind extends string = string> {
  readonly #groups = new Map<string, Group<Kind>>();

  add(kind: Kind, about: string, task: string | null = null): void {
    const key = `${kind}\n${about}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { kind, about, tasks: new Set(), count: 0 };
      this.#groups.set(key, group);
    }
    group.count++;
    if (task !== null) group.tasks.add(task);
  }

  /** In the order in which they were first seen. */
  all(): IterableIterator<Group<Kind>> {
    return this.#groups.values();
  }
}

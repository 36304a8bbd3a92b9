/** Tags that await an answer, in the order in which they were given. */
interface Tags {
  has(tag: number): boolean;
  keys(): Iterable<number>;
}

/** The tags among these that an answer names: one; or all up to it, where 0 is all there are. */
export function tagsNamed(
  tags: Tags,
  { tag, multiple }: { tag: number; multiple: boolean },
): number[] {
  if (!multiple) return tags.has(tag) ? [tag] : [];
  const named: number[] = [];
  for (const one of tags.keys()) {
    if (tag !== 0 && one > tag) break;
    named.push(one);
  }
  return named;
}

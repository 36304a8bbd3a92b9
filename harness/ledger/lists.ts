/**
 * Lists that have one entry as a rule, or none. The usual array makes room for seventeen with its
 * first entry, and most of what a ledger notes it notes once.
 */

/** The empty list, the same for all: nobody adds to it. */
export const NONE: readonly never[] = [];

/** The list with one more: always to be put back in the place of the old one. */
export function plus<T>(list: readonly T[], item: T): readonly T[] {
  if (list.length === 0) return [item];
  (list as T[]).push(item);
  return list;
}

/** The list without this one, if it is in there: to be put back in the place of the old one. */
export function minus<T>(list: readonly T[], item: T): readonly T[] {
  if (list.length === 1) return list[0] === item ? NONE : list;
  const index = list.indexOf(item);
  if (index >= 0) (list as T[]).splice(index, 1);
  return list;
}

/** Somebody who does one thing after the other: the first that he may do of what is left. */
export interface Hand<Item> {
  may(item: Item): boolean;
  do(item: Item): Promise<void>;
}

/**
 * Has everything done by some hands side by side, in order as far as each may. Ends when nothing is
 * left that anyone may do; when one fails, nothing more is begun.
 *
 * @throws what the first failed with, when all have stopped.
 */
export async function share<Item>(
  items: readonly Item[],
  hands: readonly Hand<Item>[],
): Promise<void> {
  const left = [...items];
  const failures: unknown[] = [];
  const work = async (hand: Hand<Item>) => {
    while (failures.length === 0) {
      const index = left.findIndex((item) => hand.may(item));
      const [item] = index < 0 ? [] : left.splice(index, 1);
      if (item === undefined) return;
      await hand.do(item).catch((error) => failures.push(error));
    }
  };
  await Promise.all(hands.map(work));
  if (failures.length > 0) throw failures[0];
}

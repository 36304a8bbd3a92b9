/** One client directly and once more through the link, to be disturbed at the same time. */
export interface Pair<T> {
  name: string;
  direct: T;
  through: T;
}

/** Where each way of a pair begins. */
export interface Ways<W> {
  direct(): Promise<W>;
  /** Through an address of this subject's own. */
  through(subject: string): Promise<W>;
}

/** Makes a pair of each. What disturbs a whole broker need then be done only once. */
export function pairs<M, W, T>(
  makers: Record<string, M>,
  ways: Ways<W>,
  make: (maker: M, way: W) => Promise<T>,
): Promise<Pair<T>[]> {
  return Promise.all(
    Object.entries(makers).map(async ([name, maker]) => ({
      name,
      direct: await make(maker, await ways.direct()),
      through: await make(maker, await ways.through(name)),
    })),
  );
}

/** Does the same with both sides of every pair, all at once. */
export function withAll<T, R>(
  all: readonly Pair<T>[],
  act: (each: T) => Promise<R>,
): Promise<Pair<R>[]> {
  return Promise.all(
    all.map(async ({ name, direct, through }) => {
      const [one, other] = await Promise.all([act(direct), act(through)]);
      return { name, direct: one, through: other };
    }),
  );
}

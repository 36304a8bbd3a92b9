/**
 * The one place where the harness waits. A wait is always for a condition, never for time to pass;
 * its deadline only bounds how long a broken experiment can hang.
 */

/** A condition was not met in time. The message says what was last seen. */
export class MissedDeadline extends Error {
  override name = "MissedDeadline";
}

/** Where a condition's change is announced. */
export interface Source {
  /** Calls back after each change; returns how to stop. */
  subscribe(changed: () => void): () => void;
}

/** Milliseconds between two looks at what can only be looked at. */
const TICK = 20;

/** For what announces no change, and is looked at here and now, such as the table of processes. */
export const ticks: Source = {
  subscribe(changed) {
    const timer = setInterval(changed, TICK);
    return () => clearInterval(timer);
  },
};

export interface Wait {
  /** Milliseconds. */
  deadline: number;
  /** What to say was last seen if the deadline is missed. */
  lastSeen?: () => string;
}

export const DEADLINE = 30_000;

let waited = 0;

/** Milliseconds that this process has spent in `until`, for the report of where the time went. */
export function timeWaited(): number {
  return waited;
}

/**
 * Resolves with the probe's first answer that is not `undefined` or `false`, probing now and
 * after each change of the source.
 *
 * @throws {MissedDeadline} when the condition is not met within the deadline.
 */
export async function until<T>(
  what: string,
  source: Source,
  probe: () => T | undefined | false,
  { deadline = DEADLINE, lastSeen }: Partial<Wait> = {},
): Promise<T> {
  const began = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const check = () => {
    try {
      const answer = probe();
      if (answer !== undefined && answer !== false) resolve(answer);
    } catch (error) {
      reject(error);
    }
  };
  // A change is announced before it takes effect: look once its announcer has finished.
  let due = false;
  const checkSoon = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      check();
    });
  };
  const stop = source.subscribe(checkSoon);
  const timer = setTimeout(() => {
    const seen = lastSeen ? `; last seen: ${lastSeen()}` : "";
    reject(new MissedDeadline(`Waited ${deadline} ms for ${what}, in vain${seen}`));
  }, deadline);
  check();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    stop();
    waited += performance.now() - began;
  }
}

/** Bounds a promise that some other witness settles. */
export function within<T>(what: string, promise: Promise<T>, deadline = DEADLINE): Promise<T> {
  let settled: { value: T } | { error: unknown } | undefined;
  let changed = () => {};
  promise.then(
    (value) => {
      settled = { value };
      changed();
    },
    (error: unknown) => {
      settled = { error };
      changed();
    },
  );
  const source = {
    subscribe(callback: () => void) {
      changed = callback;
      return () => {};
    },
  };
  const unwrap = () => {
    if (settled && "error" in settled) throw settled.error;
    return settled;
  };
  return until(what, source, unwrap, { deadline }).then(({ value }) => value);
}

/**
 * Asks again and again until the answer is yes, for what announces no change. Each question is a
 * round trip, which paces the loop.
 *
 * @throws {MissedDeadline} when the answer is not yes within the deadline.
 */
export async function untilAnswered(
  what: string,
  ask: () => Promise<boolean>,
  deadline = DEADLINE,
): Promise<void> {
  const began = performance.now();
  try {
    while (!(await ask())) {
      if (performance.now() - began > deadline) {
        throw new MissedDeadline(`Asked for ${deadline} ms for ${what}, in vain`);
      }
    }
  } finally {
    waited += performance.now() - began;
  }
}

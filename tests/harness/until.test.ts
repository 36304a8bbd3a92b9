import { describe, expect, test } from "vitest";
import { MissedDeadline, type Source, timeWaited, until, within } from "../../harness/until.ts";

/** A source whose changes are announced by hand. */
class Bell implements Source {
  readonly #listeners = new Set<() => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  ring(): void {
    for (const listener of this.#listeners) listener();
  }
}

describe("until", () => {
  test("answers at once where the condition holds already, and listens no more", async () => {
    const bell = new Bell();
    expect(await until("it", bell, () => 7)).toBe(7);
    expect(bell.listeners).toBe(0);
  });

  test.each([0, "", null])("takes %j for an answer", async (answer) => {
    expect(await until("it", new Bell(), () => answer)).toBe(answer);
  });

  test("looks again after each change, and only then", async () => {
    const bell = new Bell();
    const answers = [undefined, false, "yes"] as const;
    let looks = 0;
    const waiting = until("it", bell, () => answers[looks++]);
    expect(looks).toBe(1);
    bell.ring();
    await Promise.resolve();
    expect(looks).toBe(2);
    bell.ring();
    expect(await waiting).toBe("yes");
    expect(looks).toBe(3);
    expect(bell.listeners).toBe(0);
  });

  test("looks once its announcer has finished, once for all that it announced", async () => {
    const bell = new Bell();
    let state = "before";
    const seen: string[] = [];
    const waiting = until("it", bell, () => {
      seen.push(state);
      return state === "after";
    });
    bell.ring();
    bell.ring();
    state = "after"; // A change is announced before it takes effect.
    await waiting;
    expect(seen).toEqual(["before", "after"]);
  });

  test("fails with what the condition throws, now or later", async () => {
    const bell = new Bell();
    const bad = () => {
      throw new Error("bad probe");
    };
    await expect(until("it", bell, bad)).rejects.toThrow("bad probe");
    let looks = 0;
    const waiting = until("it", bell, () => (looks++ === 0 ? false : bad()));
    bell.ring();
    await expect(waiting).rejects.toThrow("bad probe");
    expect(bell.listeners).toBe(0);
  });

  test("misses its deadline, and says what was last seen", async () => {
    const bell = new Bell();
    let seen = "nothing";
    const waiting = until("two of them", bell, () => false, {
      deadline: 5,
      lastSeen: () => seen,
    });
    seen = "one";
    const failure = await waiting.catch((error) => error);
    expect(failure).toBeInstanceOf(MissedDeadline);
    expect(failure.message).toBe("Waited 5 ms for two of them, in vain; last seen: one");
    expect(bell.listeners).toBe(0);
  });

  test("adds to the time that was waited, also in vain", async () => {
    const before = timeWaited();
    await expect(until("it", new Bell(), () => false, { deadline: 20 })).rejects.toThrow("in vain");
    expect(timeWaited() - before).toBeGreaterThanOrEqual(19); // Timers round.
  });
});

describe("within", () => {
  test("answers as the promise does", async () => {
    expect(await within("it", Promise.resolve(undefined))).toBeUndefined();
    expect(await within("it", Promise.resolve(false))).toBe(false);
    await expect(within("it", Promise.reject(new Error("its own")))).rejects.toThrow("its own");
    const { promise, resolve } = Promise.withResolvers<number>();
    const waiting = within("it", promise);
    resolve(7);
    expect(await waiting).toBe(7);
  });

  test("misses its deadline, and a later failure of the promise is nobody's surprise", async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const failure = await within("the answer", promise, 5).catch((error) => error);
    expect(failure).toBeInstanceOf(MissedDeadline);
    expect(failure.message).toBe("Waited 5 ms for the answer, in vain");
    reject(new Error("too late")); // Unhandled, it would fail the whole run.
    await Promise.resolve();
  });
});

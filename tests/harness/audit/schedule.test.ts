/** Who does what, and in what order; and what an audit draws by lot. */
import { describe, expect, it } from "vitest";
import { draw } from "../../../harness/audit/draw.ts";
import { type Hand, share } from "../../../harness/audit/schedule.ts";

/** A hand that notes what it does, and does it when it is told to. */
function noting(name: string, may: (item: string) => boolean, log: string[]): Hand<string> {
  return {
    may,
    do: async (item) => {
      log.push(`${name} begins ${item}`);
      await Promise.resolve();
      log.push(`${name} ends ${item}`);
    },
  };
}

describe("Work is shared", () => {
  const any = () => true;

  it("in order by one hand, one thing after the other", async () => {
    const log: string[] = [];
    await share(["a", "b"], [noting("one", any, log)]);
    expect(log).toEqual(["one begins a", "one ends a", "one begins b", "one ends b"]);
  });

  it("side by side, each thing once", async () => {
    const log: string[] = [];
    await share(["a", "b"], [noting("one", any, log), noting("two", any, log)]);
    expect(log).toEqual(["one begins a", "two begins b", "one ends a", "two ends b"]);
  });

  it("so that each hand does the first of what it may", async () => {
    const log: string[] = [];
    await share(
      ["a", "b", "c"],
      [noting("one", (item) => item === "c", log), noting("two", (item) => item !== "c", log)],
    );
    expect(log.filter((line) => line.includes("begins"))).toEqual([
      "one begins c",
      "two begins a",
      "two begins b",
    ]);
  });

  it("without what nobody may do", async () => {
    const log: string[] = [];
    await share(["a", "b"], [noting("one", (item) => item === "b", log)]);
    expect(log).toEqual(["one begins b", "one ends b"]);
  });

  it("until one fails: the others end what they have begun, and begin nothing more", async () => {
    const log: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const failing: Hand<string> = {
      may: any,
      do: async (item) => {
        log.push(`failing begins ${item}`);
        throw new Error(`${item} failed`);
      },
    };
    const slow: Hand<string> = {
      may: any,
      do: async (item) => {
        log.push(`slow begins ${item}`);
        await promise;
        log.push(`slow ends ${item}`);
        throw new Error(`${item} failed later`);
      },
    };
    const shared = share(["a", "b", "c", "d"], [failing, slow]);
    resolve();
    await expect(shared).rejects.toThrow("a failed");
    expect(log).toEqual(["failing begins a", "slow begins b", "slow ends b"]);
  });

  it("and fails by one failure alone", async () => {
    const failing: Hand<string> = { may: any, do: () => Promise.reject(new Error("failed")) };
    await expect(share(["a"], [failing])).rejects.toThrow("failed");
  });

  it("at once, where there is nothing to do", async () => {
    await expect(share([], [noting("one", any, [])])).resolves.toBeUndefined();
  });
});

describe("A draw", () => {
  const occasions = Array.from({ length: 30 }, (_, index) => `trial ${index}`);
  const all = (seed: number) => occasions.map((occasion) => draw(seed, occasion, 3));

  it("is the same for the same seed and occasion, also in another version", () => {
    expect(all(7)).toEqual(all(7));
    expect(draw(42, "SIGKILL, mid-task", 1_000_000)).toBe(280_277);
  });

  it("differs by the seed, and by the occasion", () => {
    expect(all(8)).not.toEqual(all(7));
    expect([...new Set(all(7))].sort()).toEqual([0, 1, 2]);
  });
});

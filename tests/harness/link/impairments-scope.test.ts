/** Whom a network fault strikes, and whom it spares. */
import { describe, expect } from "vitest";
import type { Harm, Scope } from "../../../harness/link/impairment.ts";
import { frame, type Line, type Pair, test } from "./line.ts";

const A = frame("a");

/** Three connections: two of one subject, one of another. */
async function three(line: Line): Promise<[Pair, Pair, Pair]> {
  return [await line.connect("one"), await line.connect("one"), await line.connect("two")];
}

const SCOPES: [string, Scope, struck: number[], spared: number[]][] = [
  ["one connection of a subject's two", { subject: "one", connection: 2 }, [2], [1, 3]],
  ["one subject of two", { subject: "one" }, [1, 2], [3]],
  ["all", {}, [1, 2, 3], []],
  ["a subject that has no connection", { subject: "nobody" }, [], [1, 2, 3]],
];

/** Sends a frame on these connections, by their numbers, and waits until it has come. */
async function expectPasses(pairs: Pair[], numbers: number[]): Promise<void> {
  for (const number of numbers) {
    const { client, broker } = pairs[number - 1] as Pair;
    const before = broker.received;
    client.write(A);
    await broker.receives(before, A);
  }
}

describe.for(SCOPES)("%s", ([, scope, struck, spared]) => {
  test("stalled, and healed", async ({ line }) => {
    const pairs = await three(line);
    const impairment = line.impair({ kind: "stall" }, { scope });
    for (const number of struck) pairs[number - 1]?.client.write(A);
    const told = await line.eventually("impaired", struck.length);
    expect(told.map(({ connection }) => connection).sort()).toEqual(struck);
    await expectPasses(pairs, spared);
    for (const number of struck) {
      expect(pairs[number - 1]?.broker.received).toEqual(Buffer.alloc(0));
    }
    line.link.heal(impairment);
    for (const number of struck) await pairs[number - 1]?.broker.receives(A);
  });

  test("half-open, and reset", async ({ line }) => {
    const pairs = await three(line);
    const impairment = line.impair({ kind: "half-open" }, { scope });
    for (const number of struck) pairs[number - 1]?.client.write(A);
    await line.eventually("impaired", struck.length);
    await expectPasses(pairs, spared);
    line.link.heal(impairment);
    for (const number of struck) {
      expect(await pairs[number - 1]?.client.ends()).toBe("ECONNRESET");
    }
    await expectPasses(pairs, spared);
  });

  test("reset", async ({ line }) => {
    const pairs = await three(line);
    expect(line.link.reset(scope)).toBe(struck.length);
    for (const number of struck) {
      const { client, broker } = pairs[number - 1] as Pair;
      expect([await client.ends(), await broker.ends()]).toEqual(["ECONNRESET", "ECONNRESET"]);
    }
    await expectPasses(pairs, spared);
  });

  test("hung up", async ({ line }) => {
    const pairs = await three(line);
    expect(line.link.hangUp(scope)).toBe(struck.length);
    for (const number of struck) {
      const { client, broker } = pairs[number - 1] as Pair;
      expect([await client.ends(), await broker.ends()]).toEqual(["in order", "in order"]);
    }
    await expectPasses(pairs, spared);
  });
});

describe("a connection that begins later", () => {
  const harms: Harm[] = [{ kind: "stall" }, { kind: "half-open" }];

  test.for(harms)("is struck like those before: $kind", async (harm, { line }) => {
    const impairment = line.impair(harm, { scope: { subject: "one" } });
    const { client } = await line.begin("one");
    expect(await line.eventually("impaired")).toMatchObject([{ connection: 1, harm: harm.kind }]);
    const spared = await line.connect("two");
    await expectPasses([spared], [1]);
    line.link.heal(impairment);
    if (harm.kind === "half-open") expect(await client.ends()).toBe("ECONNRESET");
    await expectPasses([await line.connect("one")], [1]);
  });

  test("is late", async ({ line }) => {
    line.impair({ kind: "latency", delay: 50, jitter: 0, seed: 1 });
    const pair = await line.connect();
    expect(line.told("impaired")[0]?.late).toBeGreaterThanOrEqual(50);
    const sent = pair.broker.write(A);
    expect((await pair.client.receives(A)) - sent).toBeGreaterThanOrEqual(50);
  });

  test("is cut, if none was before", async ({ line }) => {
    line.impair({ kind: "cut-after", bytes: 3 }, { towards: "broker" });
    const { client, broker } = await line.begin();
    expect([await broker.ends(), await client.ends()]).toEqual(["in order", "ECONNRESET"]);
    expect(broker.received).toEqual(Buffer.from("AMQ"));
    await expectPasses([await line.connect()], [1]);
  });

  test("is refused; others and those before are not; lifted, it begins", async ({ line }) => {
    const before = await line.connect("one");
    const refusal = { injection: 4, scope: { subject: "one" } };
    line.link.refuse(refusal);
    const refused = await line.dial("one");
    expect(await refused.ends()).toBe("ECONNRESET");
    expect(line.told("connection-refused")).toMatchObject([{ subject: "one", injection: 4 }]);
    expect(line.told("connection-opened")).toHaveLength(1);
    await expectPasses([before, await line.connect("two")], [1, 2]);
    line.link.lift(refusal);
    await expectPasses([await line.connect("one")], [1]);
    expect(line.told("connection-refused")).toHaveLength(1);
  });

  test("is refused to all, until the last of several refusals is lifted", async ({ line }) => {
    const refusals = [1, 2].map((injection) => ({ injection, scope: {} }));
    for (const refusal of refusals) line.link.refuse(refusal);
    for (const refusal of refusals) {
      for (const subject of ["one", "two"]) {
        expect(await (await line.dial(subject)).ends()).toBe("ECONNRESET");
      }
      line.link.lift(refusal);
    }
    await expectPasses([await line.connect("one"), await line.connect("two")], [1, 2]);
    const told = line.told("connection-refused").map(({ injection }) => injection);
    expect(told).toEqual([1, 2, 1, 2, 2, 2]);
  });
});

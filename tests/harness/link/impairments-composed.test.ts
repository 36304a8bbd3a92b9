/** Several things that are wrong with a network at once. */
import { expect } from "vitest";
import { A, B, cutAfter, HALF_OPEN, latency, narrow, passBack, STALL } from "./harms.ts";
import { test } from "./line.ts";

test("latencies add up", async ({ line }) => {
  const { client, broker } = await line.connect();
  line.impair(latency(40));
  line.impair(latency(50));
  const sent = client.write(A);
  expect((await broker.receives(A)) - sent).toBeGreaterThanOrEqual(90);
  expect(line.told("impaired").map(({ injection }) => injection)).toEqual([1, 2]);
});

test("latency, bandwidth and a stall", async ({ line }) => {
  const { client, broker } = await line.connect();
  line.impair(latency(100));
  line.impair(narrow(10_000));
  const stall = line.impair(STALL);
  const sent = client.write(B);
  await line.eventually("impaired");
  line.link.heal(stall);
  const took = (await broker.receives(B)) - sent;
  expect(took).toBeGreaterThanOrEqual(100 + B.length / 10);
  const harms = line.told("impaired").map(({ harm }) => harm);
  expect(harms).toEqual(["stall", "latency", "bandwidth"]);
});

test("half-open, while bytes are late: those under way vanish too", async ({ line }) => {
  const { client, broker } = await line.connect();
  line.impair(latency(20));
  const stall = line.impair(STALL); // So that they are under way for sure.
  client.write(A);
  await line.eventually("impaired");
  const halfOpen = line.impair(HALF_OPEN);
  line.link.heal(stall);
  const [, late, vanished] = await line.eventually("impaired", 3);
  expect([late?.harm, vanished?.harm]).toEqual(["latency", "half-open"]);
  line.link.heal(halfOpen);
  expect([await client.ends(), await broker.ends()]).toEqual(["ECONNRESET", "ECONNRESET"]);
  expect(broker.received).toEqual(Buffer.alloc(0));
});

test("half-open twice: both are told of, and healing one is not enough", async ({ line }) => {
  const pair = await line.connect();
  const both = [HALF_OPEN, HALF_OPEN].map((harm) => line.impair(harm, { towards: "broker" }));
  pair.client.write(A);
  expect((await line.eventually("impaired", 2)).map(({ injection }) => injection)).toEqual([1, 2]);
  for (const impairment of both) {
    await passBack(await line.begin(), "broker");
    expect([pair.client.ending, pair.broker.ending]).toEqual([undefined, undefined]);
    line.link.heal(impairment);
  }
  expect(await pair.client.ends()).toBe("ECONNRESET");
});

test("two cuts: the nearer one cuts, and the other waits for the next", async ({ line }) => {
  const first = await line.connect();
  line.impair(cutAfter(B.length), { towards: "broker" });
  line.impair(cutAfter(5), { towards: "broker" });
  first.client.write(B);
  await first.broker.ends();
  expect(first.broker.received).toEqual(B.subarray(0, 5));
  expect(line.told("impaired")).toMatchObject([{ injection: 2, bytes: 5 }]);
  const next = await line.begin();
  next.client.write(B);
  await next.broker.ends();
  expect(next.broker.received.length).toBe(B.length - 8); // It has sent its protocol header.
});

test("cut, while bytes wait: as many come once they may", async ({ line }) => {
  const { client, broker } = await line.connect();
  const stall = line.impair(STALL);
  line.impair(cutAfter(9), { towards: "broker" });
  client.write(B);
  await line.eventually("impaired");
  expect(broker.ending).toBeUndefined();
  line.link.heal(stall);
  expect(await broker.ends()).toBe("in order");
  expect(broker.received).toEqual(B.subarray(0, 9));
});

/** What an impaired network does to a connection's bytes, and that it does so until it is healed. */
import { describe, expect } from "vitest";
import type { Harm, Towards } from "../../../harness/link/impairment.ts";
import { A, B, C, cutAfter, HALF_OPEN, latency, narrow, passBack, STALL } from "./harms.ts";
import { type Line, type Pair, test } from "./line.ts";

const WAYS: Towards[] = ["broker", "client"];

/** A connection as good as new, both ways. */
async function expectUnharmed(line: Line, pair?: Pair): Promise<void> {
  const { client, broker } = pair ?? (await line.connect());
  const [toBroker, toClient] = [broker.received, client.received];
  client.write(A);
  broker.write(B);
  await Promise.all([broker.receives(toBroker, A), client.receives(toClient, B)]);
}

describe.each(WAYS)("towards the %s", (towards) => {
  /** A connection that has just been harmed on this way. */
  async function harmed(line: Line, harm: Harm) {
    const pair = await line.connect();
    const impairment = line.impair(harm, { towards });
    const [sender, receiver] = [pair.sender(towards), pair.receiver(towards)];
    return { pair, sender, receiver, heal: () => line.link.heal(impairment) };
  }

  test("stalled: bytes wait; healed, they come, in order, none lost", async ({ line }) => {
    const { pair, sender, receiver, heal } = await harmed(line, STALL);
    sender.write(A);
    const [struck] = await line.eventually("impaired");
    const where = { subject: "client", connection: 1, towards };
    expect(struck).toMatchObject({ ...where, injection: 1, harm: "stall", bytes: A.length });
    sender.write(B);
    await passBack(pair, towards);
    expect([receiver.received, receiver.ending]).toEqual([Buffer.alloc(0), undefined]);
    heal();
    await receiver.receives(A, B);
    await expectUnharmed(line, pair);
    expect(line.told("impaired")).toHaveLength(1);
  });

  test("late: bytes take at least so long; healed, they don't wait", async ({ line }) => {
    const { pair, sender, receiver, heal } = await harmed(line, latency(60));
    const sent = sender.write(A);
    expect((await receiver.receives(A)) - sent).toBeGreaterThanOrEqual(60);
    const [struck] = line.told("impaired");
    expect(struck).toMatchObject({ harm: "latency", towards, bytes: A.length });
    expect(struck?.late).toBeGreaterThanOrEqual(60);
    heal();
    await expectUnharmed(line, pair);
  });

  test("late by an hour: healed, bytes come at once", async ({ line }) => {
    const { pair, sender, receiver, heal } = await harmed(line, latency(3_600_000));
    sender.write(A, B);
    await passBack(pair, towards);
    expect(receiver.received).toEqual(Buffer.alloc(0));
    heal();
    await receiver.receives(A, B);
  });

  test("narrow: no byte comes sooner than the line lets it", async ({ line }) => {
    const { pair, sender, receiver, heal } = await harmed(line, narrow(10_000));
    const sent = sender.write(B, A);
    const took = (await receiver.receives(B, A)) - sent;
    expect(took).toBeGreaterThanOrEqual((B.length + A.length) / 10);
    expect(line.told("impaired")).toMatchObject([{ harm: "bandwidth", towards }]);
    heal();
    await expectUnharmed(line, pair);
  });

  test("narrow as a byte per second: healed, bytes come at once", async ({ line }) => {
    const { pair, sender, receiver, heal } = await harmed(line, narrow(1));
    sender.write(B);
    await passBack(pair, towards);
    expect(receiver.received.length).toBeLessThan(B.length);
    heal();
    await receiver.receives(B);
    await expectUnharmed(line, pair);
  });

  test("half-open: bytes and the end vanish, and nobody is told", async ({ line }) => {
    const { pair, sender, receiver, heal } = await harmed(line, HALF_OPEN);
    sender.write(A);
    const struck = await line.eventually("impaired");
    expect(struck).toMatchObject([{ harm: "half-open", towards, bytes: A.length, connection: 1 }]);
    sender.write(B);
    await passBack(pair, towards);
    expect([receiver.received, receiver.ending, sender.ending]).toEqual([
      Buffer.alloc(0),
      undefined,
      undefined,
    ]);
    heal();
    expect([await sender.ends(), await receiver.ends()]).toEqual(["ECONNRESET", "ECONNRESET"]);
    expect(receiver.received).toEqual(Buffer.alloc(0));
    await expectUnharmed(line);
  });

  test("half-open: the sender's end vanishes too", async ({ line }) => {
    const { pair, sender, receiver, heal } = await harmed(line, HALF_OPEN);
    sender.finish();
    // Were it let through, it would come before what goes through after it.
    if (towards === "client") await line.eventually("connection-closed");
    else await passBack(pair, towards);
    expect(receiver.ending).toBeUndefined();
    heal();
    expect(await receiver.ends()).toBe("ECONNRESET");
  });

  test("half-open, and nothing was sent: healed, the connection goes on", async ({ line }) => {
    const { pair, heal } = await harmed(line, HALF_OPEN);
    await passBack(pair, towards);
    heal();
    await expectUnharmed(line, pair);
    expect(line.told("impaired")).toEqual([]);
  });

  const ends = [0, 1, 7, A.length - 1, A.length, A.length + 1, A.length + B.length - 1];

  test.for(ends)("cut after %i bytes: exactly these come", async (count, { line }) => {
    const { sender, receiver } = await harmed(line, cutAfter(count));
    sender.write(Buffer.concat([A, B, C]));
    expect(await receiver.ends()).toBe("in order");
    expect(receiver.received).toEqual(Buffer.concat([A, B, C]).subarray(0, count));
    expect(await sender.ends()).toBe("ECONNRESET");
    expect(line.told("impaired")).toMatchObject([{ harm: "cut-after", towards, bytes: count }]);
    await expectUnharmed(line); // One connection is cut, and no more.
  });

  test("cut after some bytes, however they come", async ({ line }) => {
    const { sender, receiver } = await harmed(line, cutAfter(A.length + 9));
    sender.write(A.subarray(0, 5));
    await receiver.receives(A.subarray(0, 5));
    sender.write(A.subarray(5));
    await receiver.receives(A);
    sender.write(B.subarray(0, 8));
    await receiver.receives(A, B.subarray(0, 8));
    sender.write(B.subarray(8));
    expect(await receiver.ends()).toBe("in order");
    expect(receiver.received).toEqual(Buffer.concat([A, B.subarray(0, 9)]));
  });

  test("cut after some bytes: healed before, the connection goes on", async ({ line }) => {
    const { pair, sender, receiver, heal } = await harmed(line, cutAfter(A.length + 1));
    sender.write(A);
    await receiver.receives(A);
    heal();
    await expectUnharmed(line, pair);
    expect(line.told("impaired")).toEqual([]);
  });
});

test("late both ways: a round trip takes both delays", async ({ line }) => {
  const { client, broker } = await line.connect();
  line.impair(latency(40));
  const sent = client.write(A);
  await broker.receives(A);
  broker.write(B);
  expect((await client.receives(B)) - sent).toBeGreaterThanOrEqual(80);
  expect(line.told("impaired").map(({ towards }) => towards)).toEqual(["broker", "client"]);
});

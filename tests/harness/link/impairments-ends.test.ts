/** How a connection ends, while the network is impaired and without. */
import { afterEach, describe, expect, vi } from "vitest";
import type { Harm, Towards } from "../../../harness/link/impairment.ts";
import { Tap } from "../../../harness/link/tap.ts";
import { frame, type Line, type Pair, test } from "./line.ts";

const WAYS: Towards[] = ["broker", "client"];
const [A, B] = [frame("a"), frame("bb")];
const STALL: Harm = { kind: "stall" };
const HARMS: Harm[] = [
  STALL,
  { kind: "half-open" },
  { kind: "latency", delay: 3_600_000, jitter: 0, seed: 1 },
  { kind: "bandwidth", bytesPerSecond: 1 },
];

afterEach(() => {
  vi.restoreAllMocks();
});

/** The link has no connection any more: a reset would find none. */
function expectNoneLeft({ link }: Line): void {
  const reset = vi.spyOn(Tap.prototype, "reset");
  link.reset({});
  expect(reset).not.toHaveBeenCalled();
  expect(link.connections("client")).toBe(0);
}

async function bothEnd({ client, broker }: Pair): Promise<void> {
  client.finish();
  await broker.ends();
  broker.finish();
  await client.ends();
}

describe.each(WAYS)("towards the %s", (towards) => {
  test("stalled: the end waits behind the bytes, and comes after them", async ({ line }) => {
    const pair = await line.connect();
    const [sender, receiver] = [pair.sender(towards), pair.receiver(towards)];
    const impairment = line.impair(STALL, { towards });
    sender.write(A, B);
    sender.finish();
    await line.eventually("impaired");
    receiver.write(A);
    await sender.receives(A);
    expect([receiver.received, receiver.ending]).toEqual([Buffer.alloc(0), undefined]);
    line.link.heal(impairment);
    expect(await receiver.ends()).toBe("in order");
    expect(receiver.received).toEqual(Buffer.concat([A, B]));
  });

  test("late: so is the end", async ({ line }) => {
    const pair = await line.connect();
    line.impair({ kind: "latency", delay: 60, jitter: 0, seed: 1 }, { towards });
    const sent = pair.sender(towards).write(A);
    pair.sender(towards).finish();
    expect(await pair.receiver(towards).ends()).toBe("in order");
    expect(performance.now() - sent).toBeGreaterThanOrEqual(60);
    expect(pair.receiver(towards).received).toEqual(A);
  });

  test("stalled, and the sender is gone by a reset: what it had sent comes, then its end", async ({
    line,
  }) => {
    const pair = await line.connect();
    const [sender, receiver] = [pair.sender(towards), pair.receiver(towards)];
    const impairment = line.impair(STALL, { towards });
    sender.write(A);
    await line.eventually("impaired");
    sender.reset();
    expect(receiver.ending).toBeUndefined();
    line.link.heal(impairment);
    await receiver.ends();
    // A reset may overtake what the machine has not read yet; an end may not.
    if (towards === "broker") expect(receiver.received).toEqual(A);
  });
});

describe.for(HARMS)("$kind", (harm) => {
  test("a reset is seen by both at once, whatever is under way", async ({ line }) => {
    const { client, broker } = await line.connect();
    const impairment = line.impair(harm);
    client.write(frame("x".repeat(1_000)));
    broker.write(frame("x".repeat(1_000)));
    client.finish();
    if (harm.kind === "stall" || harm.kind === "half-open") await line.eventually("impaired", 2);
    expect(line.link.reset({})).toBe(1);
    expect([await client.ends(), await broker.ends()]).toEqual(["ECONNRESET", "ECONNRESET"]);
    const closed = { by: "link", clean: false };
    expect(await line.eventually("connection-closed")).toMatchObject([closed]);
    line.link.heal(impairment);
    expectNoneLeft(line);
  });

  test("the link's close ends everything at once", async ({ line }) => {
    const pairs = [await line.connect(), await line.connect()];
    line.impair(harm);
    for (const { client, broker } of pairs) {
      client.write(A);
      broker.write(B);
    }
    if (harm.kind === "stall" || harm.kind === "half-open") await line.eventually("impaired", 4);
    await line.link.close();
    for (const { client, broker } of pairs) await Promise.all([client.ends(), broker.ends()]);
    await line.eventually("connection-closed", 2);
    expectNoneLeft(line);
  });

  test("healed after both have gone, nothing is left", async ({ line }) => {
    const { client, broker } = await line.connect();
    const impairment = line.impair(harm);
    client.write(A);
    broker.write(B);
    client.destroy();
    broker.destroy();
    line.link.heal(impairment);
    await line.eventually("connection-closed");
    // The next one is served only after all that these two have left behind.
    await bothEnd(await line.connect());
    await line.eventually("connection-closed", 2);
    line.link.reset({});
    expect(line.link.connections("client")).toBe(0);
  });
});

test("late bytes that are no AMQP end the connection once, and what is behind them is nothing", async ({
  line,
}) => {
  const { client, broker } = await line.connect();
  const stall = line.impair(STALL, { towards: "broker" });
  client.write(Buffer.from("no AMQP at all"));
  await line.eventually("impaired");
  line.impair({ kind: "latency", delay: 20, jitter: 20, seed: 1 }, { towards: "broker" });
  client.write(A);
  line.link.heal(stall);
  await Promise.all([client.ends(), broker.ends()]);
  await line.eventually("connection-closed");
  expect(line.told("protocol-violation")).toHaveLength(1);
  expect(broker.received).toEqual(Buffer.alloc(0));
});

describe("without an impairment", () => {
  test("the end of either is the other's, and nothing is left", async ({ line }) => {
    await bothEnd(await line.connect());
    const { client, broker } = await line.connect();
    broker.finish();
    expect(await client.ends()).toBe("in order");
    client.finish();
    expect(await broker.ends()).toBe("in order");
    const closes = await line.eventually("connection-closed", 2);
    expect(closes.map(({ by }) => by)).toEqual(["client", "broker"]);
    client.destroy();
    broker.destroy();
    await bothEnd(await line.connect());
    await line.eventually("connection-closed", 3);
    expect(line.link.connections("client")).toBe(0);
  });

  test("hung up: both get what was forwarded, and then an end", async ({ line }) => {
    const { client, broker } = await line.connect();
    client.write(A);
    broker.write(B);
    await Promise.all([broker.receives(A), client.receives(B)]);
    expect(line.link.hangUp({ subject: "client" })).toBe(1);
    expect([await client.ends(), await broker.ends()]).toEqual(["in order", "in order"]);
    expect(line.told("connection-closed")).toEqual([]); // Not before the broker has ended it too.
    broker.finish();
    const closed = { by: "link", clean: false };
    expect(await line.eventually("connection-closed")).toMatchObject([closed]);
  });

  test("one that the broker has ended is broken off, and not counted", async ({ line }) => {
    const ended = await line.connect();
    ended.broker.finish();
    await line.eventually("connection-closed");
    expect(await ended.client.ends()).toBe("in order"); // It has not ended its own side.
    expect(line.link.reset({})).toBe(0);
    await line.connect();
    expect(line.link.hangUp({})).toBe(1);
  });
});

/** What stands in a hold while the network is impaired. */
import { describe, expect } from "vitest";
import type { Held } from "../../../harness/link/hold.ts";
import type { Towards } from "../../../harness/link/impairment.ts";
import { within } from "../../../harness/until.ts";
import { methodFrame } from "../amqp/amqplib-codec.ts";
import { frame, type Line, type Pair, test } from "./line.ts";

const ACK = methodFrame("basic.ack", { deliveryTag: 1, multiple: false });
const BEHIND = frame("behind it");

/** The same bytes are an ack on one way and a confirm on the other. */
const WAYS: [Towards, "ack" | "confirm"][] = [
  ["broker", "ack"],
  ["client", "confirm"],
];

/** A connection in which a method stands, with a frame behind it. */
async function holding(line: Line, towards: Towards, what: "ack" | "confirm") {
  const pair: Pair = await line.connect();
  const { landed } = line.link.hold({ subject: "client", what });
  pair.sender(towards).write(Buffer.concat([ACK, BEHIND]));
  const held: Held = await within("it to be held", landed);
  return { pair, held, sender: pair.sender(towards), receiver: pair.receiver(towards) };
}

describe.for(WAYS)("towards the %s, a held %s", ([towards, what]) => {
  const away: Towards = towards === "broker" ? "client" : "broker";

  test("says whom it is for", async ({ line }) => {
    expect((await holding(line, towards, what)).held.towards).toBe(towards);
  });

  test("vanishes, where its way is half-open, and what is behind it too", async ({ line }) => {
    const { held, receiver } = await holding(line, towards, what);
    const impairment = line.impair({ kind: "half-open" }, { towards });
    const bytes = ACK.length + BEHIND.length;
    expect(line.told("impaired")).toMatchObject([{ harm: "half-open", towards, bytes }]);
    expect(line.told("hold-ended")).toMatchObject([{ outcome: "dropped" }]);
    held.forward();
    line.link.heal(impairment);
    expect(await receiver.ends()).toBe("ECONNRESET");
    expect(receiver.received).toEqual(Buffer.alloc(0));
  });

  test("stays, where the other way is half-open", async ({ line }) => {
    const { held, receiver } = await holding(line, towards, what);
    line.impair({ kind: "half-open" }, { towards: away });
    expect([line.told("impaired"), line.told("hold-ended")]).toEqual([[], []]);
    held.forward();
    await receiver.receives(ACK, BEHIND);
    expect(line.told("hold-ended")).toMatchObject([{ outcome: "forwarded" }]);
  });

  test("waits, where its way is stalled, and is told of", async ({ line }) => {
    const { held, sender, receiver } = await holding(line, towards, what);
    const impairment = line.impair({ kind: "stall" }, { towards });
    const bytes = ACK.length + BEHIND.length;
    expect(line.told("impaired")).toMatchObject([{ harm: "stall", towards, bytes }]);
    sender.write(BEHIND);
    line.link.heal(impairment);
    held.forward();
    await receiver.receives(ACK, BEHIND, BEHIND);
    expect(line.told("impaired")).toHaveLength(1);
  });

  test("is cut, where so many bytes were left", async ({ line }) => {
    const { held, receiver } = await holding(line, towards, what);
    line.impair({ kind: "cut-after", bytes: ACK.length - 1 }, { towards });
    held.forward();
    expect(await receiver.ends()).toBe("in order");
    expect(receiver.received).toEqual(ACK.subarray(0, -1));
  });
});

/** Who is not read has to wait: the link's own memory is no bottomless network. */
import { describe, expect } from "vitest";
import type { Harm, Towards } from "../../../harness/link/impairment.ts";
import { frame, type Line, type Pair, test } from "./line.ts";

/** 48 MiB: more than the buffers of the link and the machine take together. */
const MUCH = Array.from({ length: 480 }, (_, n) => frame(Buffer.alloc(102_400, n)));

const HARMS: Harm[] = [
  { kind: "stall" },
  { kind: "latency", delay: 3_600_000, jitter: 0, seed: 1 },
  { kind: "bandwidth", bytesPerSecond: 1 },
];

const WAYS: Towards[] = ["broker", "client"];

/** As much goes through another connection: the link had every opportunity to read the first. */
async function passAsMuch(line: Line, towards: Towards): Promise<void> {
  const other = await line.connect("other");
  other.sender(towards).write(...MUCH);
  await other.receiver(towards).receives(...MUCH);
}

/** The sender is stuck, and gets rid of everything once it may. */
async function expectWaits(line: Line, pair: Pair, towards: Towards, goOn: () => void) {
  const [sender, receiver] = [pair.sender(towards), pair.receiver(towards)];
  sender.write(...MUCH);
  await passAsMuch(line, towards);
  expect(sender.unsent).toBeGreaterThan(0);
  goOn();
  await receiver.receives(...MUCH);
  expect(sender.unsent).toBe(0);
}

describe("a sender has to wait, and loses nothing", () => {
  test.for(HARMS)("while its bytes do: $kind", async (harm, { line }) => {
    const pair = await line.connect();
    const impairment = line.impair(harm, { scope: { subject: "client" } });
    await expectWaits(line, pair, "broker", () => line.link.heal(impairment));
  });

  test.for(WAYS)("while the %s doesn't read", async (towards, { line }) => {
    const pair = await line.connect();
    const receiver = pair.receiver(towards);
    receiver.pause();
    await expectWaits(line, pair, towards, () => receiver.resume());
  });
});

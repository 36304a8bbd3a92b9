/** A direction under hostile streams, while holds are armed and let go at random. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyFrame, headerFrame, methodFrame } from "../amqp/amqplib-codec.ts";
import { Bench } from "../link/bench.ts";
import { deadlineFor, inputsFor, settings } from "./budget.ts";
import { damaged, damages } from "./damage.ts";
import { inTime, processorTimeOf } from "./in-time.ts";
import { cut, cuts, validFrames } from "./streams.ts";
import { DisarmableBench, type Order, Trial } from "./trial.ts";

const PART = "a direction with holds";

const order: fc.Arbitrary<Order> = fc.record(
  {
    what: fc.constantFrom("ack", "publish"),
    nth: fc.constantFrom(1, 1, 2, 3),
    before: fc.constantFrom(0, 0, 1, 2, 5, 20),
    patience: fc.nat(5),
    drop: fc.boolean(),
  },
  { noNullPrototype: true },
);

const orders = fc.array(order, { minLength: 1, maxLength: 4 });

test(
  "what goes in comes out, less exactly what was dropped",
  () => {
    const outcomes = { caught: 0, dropped: 0, refused: 0 };
    const property = fc.property(
      validFrames("client"),
      damages,
      cuts,
      orders,
      (frames, harm, lengths, some) => {
        const stream = damaged(frames, harm);
        const trial = new Trial(stream);
        for (const [index, chunk] of cut(stream, lengths).entries()) {
          if (!trial.step(chunk, some, index)) break;
        }
        trial.finish();
        outcomes.caught += trial.caught;
        outcomes.dropped += trial.dropped.size;
        if (trial.refused) outcomes.refused++;
      },
    );
    inTime(deadlineFor(PART), () => fc.assert(property, settings(PART)));
    const tenth = inputsFor(PART) / 10;
    expect(outcomes.caught).toBeGreaterThan(tenth);
    expect(outcomes.dropped).toBeGreaterThan(tenth);
    expect(outcomes.refused).toBeGreaterThan(tenth);
  },
  deadlineFor(PART) * 2,
);

const publish = methodFrame("basic.publish", {}, 1);
const acks = (count: number) =>
  Buffer.alloc(count * 21, methodFrame("basic.ack", { deliveryTag: 1 }, 1));

test("a publish whose header can't come any more keeps nothing waiting", () => {
  for (const next of [acks(1), publish, bodyFrame("stray", 1)]) {
    const bench = new Bench();
    bench.arm("publish", 9);
    bench.direction.feed(Buffer.concat([publish, next, acks(5)]));
    const whole = bench.output.length >= publish.length + next.length;
    expect(whole, `behind it: ${next.toString("hex")}`).toBe(true);
  }
});

test("a publish that waits for its header does so only while a hold is armed", () => {
  const bench = new DisarmableBench();
  bench.arm("publish", 9);
  bench.direction.feed(publish);
  expect(bench.output).toHaveLength(0);
  bench.disarmed = true;
  bench.direction.feed(acks(1).fill(2, 2, 3)); // On another channel.
  expect(bench.output).toHaveLength(publish.length + 21);
});

describe("what stands behind a held method goes on at once, however much it is", () => {
  const FRAMES = 100_000;

  test.for(["forwardHeld", "dropHeld"] as const)("%s", { timeout: 60_000 }, (letGo) => {
    const bench = new Bench();
    bench.arm("publish");
    bench.direction.feed(Buffer.concat([publish, headerFrame(0)]));
    for (let fed = 0; fed < FRAMES; fed += 2_000) bench.direction.feed(acks(2_000));
    expect(bench.output).toHaveLength(0);
    // Measured 70; 2,800 where each frame costs as much as all that stand behind it.
    expect(processorTimeOf(() => bench.direction[letGo]())).toBeLessThan(1_000);
    expect(bench.output.length).toBeGreaterThanOrEqual(FRAMES * 21);
  });
});

test("frames that come behind a publish without a header are not looked through again and again", () => {
  const bench = new Bench();
  bench.arm("publish", 9);
  bench.direction.feed(publish);
  const onAnotherChannel = acks(1).fill(2, 2, 3);
  const feed = () => {
    for (let fed = 0; fed < 40_000; fed++) bench.direction.feed(onAnotherChannel);
  };
  // Measured 50; 4,000 where they are.
  expect(processorTimeOf(feed)).toBeLessThan(1_000);
}, 60_000);

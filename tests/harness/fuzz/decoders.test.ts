/** The decoders of methods and content headers against payloads that lie about what is in them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { METHOD_IDS } from "../../../harness/amqp/method-ids.ts";
import { decodeMethod } from "../../../harness/amqp/methods.ts";
import { decodeContentHeader } from "../../../harness/amqp/properties.ts";
import { ProtocolViolation } from "../../../harness/amqp/protocol-violation.ts";
import { payloadOf } from "../amqp/amqplib-codec.ts";
import { allocationsOf } from "./allocations.ts";
import { deadlineFor, inputsFor, SEED, settings } from "./budget.ts";
import { damaged, damages } from "./damage.ts";
import { inTime } from "./in-time.ts";
import { validFrames } from "./streams.ts";

const PART = "the decoders";

const METHOD = 1;
const HEADER = 2;

const frames = fc.oneof(validFrames("client"), validFrames("broker"));

/** Decodes what a frame holds, if anything; undefined for a violation. */
function decoded(type: number, payload: Buffer): unknown {
  try {
    if (type === METHOD) return decodeMethod(payload);
    if (type === HEADER) return decodeContentHeader(payload, { headers: true });
    return { name: "neither" };
  } catch (error) {
    if (error instanceof ProtocolViolation) return undefined;
    throw error;
  }
}

test(
  "any payload is decoded or refused, and costs no more memory than its own length",
  () => {
    const outcomes = { decoded: 0, refused: 0 };
    const property = fc.property(frames, damages, (line, harm) => {
      for (const frame of line) {
        const harmed = damaged([frame], harm);
        const payload = payloadOf(harmed);
        const { total } = allocationsOf(() => {
          const said = decoded(frame.readUInt8(0), payload);
          outcomes[said === undefined ? "refused" : "decoded"]++;
        });
        if (total > payload.length) expect(total).toBeLessThanOrEqual(payload.length);
      }
    });
    inTime(deadlineFor(PART), () => fc.assert(property, settings(PART)));
    expect(outcomes.decoded).toBeGreaterThan(inputsFor(PART) / 2);
    expect(outcomes.refused).toBeGreaterThan(inputsFor(PART) / 2);
  },
  deadlineFor(PART) * 2,
);

test("whatever a client or a broker may say is no violation", () => {
  const property = fc.property(frames, (line) =>
    line.every((frame) => decoded(frame.readUInt8(0), payloadOf(frame)) !== undefined),
  );
  fc.assert(property, { seed: SEED, numRuns: 1000 });
});

test("a method of no known class or number is passed over, whatever it carries", () => {
  const known = new Set(Object.values(METHOD_IDS));
  const ids = fc.tuple(fc.nat(100), fc.nat(130)).map(([classId, methodId]) => [classId, methodId]);
  const property = fc.property(ids, fc.uint8Array({ maxLength: 20 }), ([high, low], rest) => {
    const [classId, methodId] = [high as number, low as number];
    fc.pre(!known.has(classId * 65_536 + methodId));
    const payload = Buffer.from([0, classId, 0, methodId, ...rest]);
    expect(decodeMethod(payload)).toEqual({ name: "other", classId, methodId });
  });
  fc.assert(property, { seed: SEED, numRuns: 1000 });
});

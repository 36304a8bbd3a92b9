import fc, { type Arbitrary } from "fast-check";
import { HEAD_BYTES } from "../../../harness/amqp/frame.ts";
import { bodyFrame, heartbeatFrame, methodFrame } from "../amqp/amqplib-codec.ts";

/** What a damage has to choose with. */
interface Dice {
  /** Which frame, or which byte. */
  at: number;
  /** How much, or where to. */
  by: number;
  octet: number;
}

/** Changes the frames in place, or replaces them by others that need not be frames any more. */
type Damage = (frames: Buffer[], dice: Dice) => void;

const LYING_SIZES = [0, 1, 3, 4, 504, 505, 4096, 0x2_0000, 0x100_0000, 0x7fff_ffff, 0xffff_ffff];

/** Put in between, or in the middle of another frame. */
const STRANGERS = [
  heartbeatFrame,
  bodyFrame("stray", 1),
  methodFrame("basic.ack", { deliveryTag: 1 }, 1),
  methodFrame("basic.publish", {}, 1),
  methodFrame("channel.close-ok", {}, 2),
  bodyFrame(Buffer.alloc(2000), 1),
  Buffer.from("GET / HTTP/1.1\r\n"),
  Buffer.from("AMQP\0\0\x09\x01", "latin1"),
  Buffer.alloc(40, 0xff),
];

const DAMAGES: Record<string, Damage> = {
  truncate(frames, { at, by }) {
    const index = at % frames.length;
    const frame = frames[index] as Buffer;
    frames.splice(index, frames.length, frame.subarray(0, by % frame.length));
  },
  shorten: inOne((frame, { by }) => frame.subarray(0, -1 - (by % frame.length))),
  lengthen: inOne((frame, { by, octet }) =>
    Buffer.concat([frame, Buffer.alloc(1 + (by % 9), octet)]),
  ),
  wrongEnd: inOne((frame, { octet }) => poke(frame, frame.length - 1, octet)),
  lyingSize: inOne((frame, { by }) => {
    if (frame.length >= HEAD_BYTES) {
      frame.writeUInt32BE(LYING_SIZES[by % LYING_SIZES.length] as number, 3);
    }
    return frame;
  }),
  /** Lengths of strings and tables, flags of properties, delivery tags: all of that is inside. */
  lyingField: inOne((frame, { by, octet }) => {
    const at = HEAD_BYTES + (by % Math.max(1, frame.length - HEAD_BYTES - 1));
    return poke(frame, at, octet);
  }),
  lyingLength: inOne((frame, { by }) => {
    const at = HEAD_BYTES + (by % Math.max(1, frame.length - HEAD_BYTES - 1));
    if (at + 5 <= frame.length) frame.writeUInt32BE(0xffff_ffff - (by % 3), at);
    return frame;
  }),
  otherType: inOne((frame, { by }) => poke(frame, 0, [1, 2, 3, 4, 8, 21, 65][by % 7] as number)),
  otherMethod: inOne((frame, { by, octet }) => poke(frame, HEAD_BYTES + 1 + 2 * (by % 2), octet)),
  otherChannel: inOne((frame, { by }) => poke(frame, 2, by % 4)),
  flip: inOne((frame, { by, octet }) => poke(frame, by % frame.length, octet)),
  remove(frames, { at }) {
    frames.splice(at % frames.length, 1);
  },
  repeat(frames, { at, by }) {
    const copy = Buffer.from(frames[at % frames.length] as Buffer);
    frames.splice(by % frames.length, 0, copy);
  },
  stranger(frames, { at, by }) {
    frames.splice(at % frames.length, 0, Buffer.from(STRANGERS[by % STRANGERS.length] as Buffer));
  },
  strangerInside: inOne((frame, { at, by }) => {
    const stranger = STRANGERS[by % STRANGERS.length] as Buffer;
    const middle = at % frame.length;
    return Buffer.concat([frame.subarray(0, middle), stranger, frame.subarray(middle)]);
  }),
  noise: inOne((_, { at, by, octet }) =>
    Buffer.from(Array.from({ length: 1 + (by % 40) }, (_, n) => (octet + at * n * n) % 256)),
  ),
};

/** None to three damages. */
export const damages: Arbitrary<[keyof typeof DAMAGES, Dice][]> = fc.array(
  fc.tuple(
    fc.constantFrom(...Object.keys(DAMAGES)),
    fc.record(
      { at: fc.nat(4095), by: fc.nat(4095), octet: fc.nat(255) },
      { noNullPrototype: true },
    ),
  ),
  { maxLength: 3 },
);

/** The stream of these frames, damaged. The frames themselves stay as they are. */
export function damaged(frames: readonly Buffer[], some: [string, Dice][]): Buffer {
  const line = frames.map((frame) => Buffer.from(frame));
  for (const [name, dice] of some) if (line.length > 0) DAMAGES[name]?.(line, dice);
  return Buffer.concat(line);
}

function inOne(change: (frame: Buffer, dice: Dice) => Buffer): Damage {
  return (frames, dice) => {
    const index = dice.at % frames.length;
    const frame = frames[index] as Buffer;
    if (frame.length > 0) frames[index] = change(frame, dice);
  };
}

function poke(frame: Buffer, at: number, octet: number): Buffer {
  if (at < frame.length) frame.writeUInt8(octet, at);
  return frame;
}

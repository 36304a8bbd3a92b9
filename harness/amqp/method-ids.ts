import type { MethodName } from "./methods.ts";
import { ProtocolViolation } from "./protocol-violation.ts";

const CONNECTION = 10 << 16;
const CHANNEL = 20 << 16;
const BASIC = 60 << 16;
const CONFIRM = 85 << 16;
const TX = 90 << 16;

/** A method frame's payload begins with its class (16 bits) and its method (16 bits). */
export const METHOD_IDS: Readonly<Record<MethodName, number>> = {
  "connection.start": CONNECTION | 10,
  "connection.start-ok": CONNECTION | 11,
  "connection.tune-ok": CONNECTION | 31,
  "connection.open": CONNECTION | 40,
  "connection.open-ok": CONNECTION | 41,
  "connection.close": CONNECTION | 50,
  "connection.close-ok": CONNECTION | 51,
  "connection.blocked": CONNECTION | 60,
  "connection.unblocked": CONNECTION | 61,

  "channel.open": CHANNEL | 10,
  "channel.open-ok": CHANNEL | 11,
  "channel.close": CHANNEL | 40,
  "channel.close-ok": CHANNEL | 41,

  "basic.qos": BASIC | 10,
  "basic.qos-ok": BASIC | 11,
  "basic.consume": BASIC | 20,
  "basic.consume-ok": BASIC | 21,
  "basic.cancel": BASIC | 30,
  "basic.cancel-ok": BASIC | 31,
  "basic.publish": BASIC | 40,
  "basic.return": BASIC | 50,
  "basic.deliver": BASIC | 60,
  "basic.get": BASIC | 70,
  "basic.get-ok": BASIC | 71,
  "basic.get-empty": BASIC | 72,
  "basic.ack": BASIC | 80,
  "basic.reject": BASIC | 90,
  "basic.recover-async": BASIC | 100,
  "basic.recover": BASIC | 110,
  "basic.nack": BASIC | 120,

  "confirm.select": CONFIRM | 10,
  "confirm.select-ok": CONFIRM | 11,

  "tx.select": TX | 10,
  "tx.commit": TX | 20,
  "tx.rollback": TX | 30,
};

/**
 * Which method a method frame's payload holds, without decoding it: compare with
 * {@link METHOD_IDS}.
 *
 * @throws ProtocolViolation when the payload is too short to say.
 */
export function methodId(payload: Buffer): number {
  if (payload.length < 4) {
    throw new ProtocolViolation(`a method frame of ${payload.length} bytes, too short for its ids`);
  }
  return payload.readUInt32BE(0);
}

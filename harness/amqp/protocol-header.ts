/** The eight bytes with which an AMQP 0-9-1 client begins. */
export const PROTOCOL_HEADER: Buffer = Buffer.from("AMQP\x00\x00\x09\x01", "latin1");

/** TLS record types that can open a stream: a client's handshake, a server's alert. */
const TLS_HANDSHAKE = 0x16;
const TLS_ALERT = 0x15;

/** A TLS record of version 1.2 with two bytes: a fatal alert (2), `protocol_version` (70). */
const TLS_REFUSAL: Buffer = Buffer.of(TLS_ALERT, 0x03, 0x03, 0, 2, 2, 70);

/**
 * Names the protocol that a stream's first bytes belong to, for a message to somebody who
 * connected with the wrong one.
 */
export function describeOpening(bytes: Buffer): string {
  const seen = `${hex(bytes)} ("${printable(bytes)}")`;
  if ((bytes[0] === TLS_HANDSHAKE || bytes[0] === TLS_ALERT) && bytes[1] === 0x03) {
    return `TLS, which is not covered (use amqp://, not amqps://): ${seen}`;
  }
  if (bytes.toString("latin1", 0, 4) !== "AMQP") return `not AMQP: ${seen}`;
  if (bytes.equals(PROTOCOL_HEADER.subarray(0, bytes.length))) {
    return `the AMQP 0-9-1 protocol header, which only a client sends: ${seen}`;
  }
  if (bytes[5] === 1 && bytes[6] === 0) return `AMQP 1.0, which is not covered: ${seen}`;
  return `a protocol header of another AMQP version, which is not covered: ${seen}`;
}

/**
 * What a server that speaks AMQP 0-9-1 only says to a client with this opening before it closes,
 * so that the client learns more than that it was cut off. Undefined where there is nothing to
 * say: the opening is AMQP 0-9-1 (so far), or is itself a farewell.
 *
 * @param opening the client's first bytes; eight are enough, and more do no harm.
 */
export function answerTo(opening: Buffer): Buffer | undefined {
  if (opening[0] === TLS_HANDSHAKE && opening[1] === 0x03) return TLS_REFUSAL;
  if (opening[0] === TLS_ALERT && opening[1] === 0x03) return undefined;
  const seen = opening.subarray(0, PROTOCOL_HEADER.length);
  if (seen.equals(PROTOCOL_HEADER.subarray(0, seen.length))) return undefined;
  // The specification's answer to whatever is not the header of a version that it speaks.
  return PROTOCOL_HEADER;
}

function hex(bytes: Buffer): string {
  return bytes.toString("hex").replace(/(..)(?=.)/g, "$1 ");
}

function printable(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/[^ -~]/g, ".");
}

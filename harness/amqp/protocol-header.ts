/** The eight bytes with which an AMQP 0-9-1 client begins. */
export const PROTOCOL_HEADER: Buffer = Buffer.from("AMQP\x00\x00\x09\x01", "latin1");

/** TLS record types that can open a stream: a client's handshake, a server's alert. */
const TLS_HANDSHAKE = 0x16;
const TLS_ALERT = 0x15;

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

function hex(bytes: Buffer): string {
  return bytes.toString("hex").replace(/(..)(?=.)/g, "$1 ");
}

function printable(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/[^ -~]/g, ".");
}

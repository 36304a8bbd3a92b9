/**
 * Bytes that are not AMQP 0-9-1. The message says what was seen and where; it never quotes a
 * method's payload, because that can hold a password.
 */
export class ProtocolViolation extends Error {
  override readonly name = "ProtocolViolation";
}

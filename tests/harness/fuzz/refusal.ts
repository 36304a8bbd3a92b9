import { FrameReader, type FrameReaderOptions } from "../../../harness/amqp/frame-reader.ts";
import { ProtocolViolation } from "../../../harness/amqp/protocol-violation.ts";
import { decode } from "../../../harness/link/arrived.ts";

/** Whether the link has to refuse these bytes. What may be refused, the other tests here hold. */
export function isRefused(bytes: Buffer, options: FrameReaderOptions): boolean {
  try {
    for (const frame of new FrameReader(options).read(bytes)) decode(frame);
    return false;
  } catch (error) {
    if (error instanceof ProtocolViolation) return true;
    throw error;
  }
}

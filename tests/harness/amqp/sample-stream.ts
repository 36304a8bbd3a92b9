import type { Frame } from "../../../harness/amqp/frame.ts";
import type { FrameReader } from "../../../harness/amqp/frame-reader.ts";
import {
  bodyFrame,
  headerFrame,
  heartbeatFrame,
  methodFrame,
  protocolHeader,
} from "./amqplib-codec.ts";

/** A client's side of a connection, frame by frame: every frame type, empty and full. */
export const clientFrames: readonly Buffer[] = [
  protocolHeader,
  methodFrame(
    "connection.start-ok",
    {
      clientProperties: { product: "sample", version: "1.2.3", connection_name: "worker-1" },
      response: Buffer.from("\0guest\0secret"),
    },
    0,
  ),
  methodFrame("connection.tune-ok", { channelMax: 2047, frameMax: 131_072, heartbeat: 10 }, 0),
  heartbeatFrame,
  methodFrame("channel.open"),
  methodFrame("basic.publish", { exchange: "", routingKey: "tasks", mandatory: true }),
  headerFrame(11, { messageId: "task-1", deliveryMode: 2, headers: { attempt: 1 } }),
  bodyFrame("hello"),
  heartbeatFrame,
  bodyFrame(" world"),
  methodFrame("basic.ack", { deliveryTag: 7 }, 65_535),
  methodFrame("channel.close-ok"),
  bodyFrame(""),
];

export const clientStream: Buffer = Buffer.concat(clientFrames);

/** A frame as reported, with its end as a position in the stream and its payload as hex. */
export interface SeenFrame {
  type: Frame["type"];
  channel: number;
  size: number;
  payload: string | null;
  endInStream: number;
}

/** Feeds the chunks to a reader and collects what it reports. */
export function readAll(reader: FrameReader, chunks: readonly Buffer[]): SeenFrame[] {
  const seen: SeenFrame[] = [];
  let chunkStart = 0;
  for (const chunk of chunks) {
    for (const { type, channel, size, payload, end } of reader.read(chunk)) {
      seen.push({
        type,
        channel,
        size,
        payload: payload?.toString("hex") ?? null,
        endInStream: chunkStart + end,
      });
    }
    chunkStart += chunk.length;
  }
  return seen;
}

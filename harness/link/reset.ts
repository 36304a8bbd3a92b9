import type { Socket } from "node:net";

/**
 * Ends a connection by a TCP reset: at once, or right after an end that is just under way. There
 * Node's own (20 to 24) fails with EINVAL, keeps the socket for good, and the process never ends.
 */
export function reset(socket: Socket): void {
  const { writableEnded, writableFinished, writableLength } = socket;
  const isEnding = writableEnded && !writableFinished && writableLength === 0;
  if (isEnding) socket.once("finish", () => socket.resetAndDestroy());
  else socket.resetAndDestroy();
}

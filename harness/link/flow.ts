import type { Socket } from "node:net";

/** Why nothing is read from a socket for now. */
type Reason = "receiver-full" | "passage-full" | "held" | "stemmed";

/** Reads from a socket only while nothing stands against it: meanwhile its sender has to wait. */
export class Flow {
  readonly #socket: Socket;
  readonly #reasons = new Set<Reason>();

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** @param isStopped whether this reason stands against reading, from now on. */
  set(reason: Reason, isStopped: boolean): void {
    if (this.#reasons.has(reason) === isStopped) return;
    if (isStopped) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
    if (this.#reasons.size > 0) this.#socket.pause();
    else this.#socket.resume();
  }
}

import type { ProcessEvent } from "../history/hands.ts";
import type { Reader, Readings } from "./reading.ts";

/** Keeps what happened to processes, for the lives of the tasks that these had in hand. */
export class Strikes implements Reader {
  readonly all: ProcessEvent[] = [];
  /** A long run has too many: its lives are read from its file. */
  keepsAll = true;

  readonly reads: Readings = {
    "fault-injected": (event) => this.#keep(event),
    "process-signalled": (event) => this.#keep(event),
    "process-exited": (event) => this.#keep(event),
    "connection-opened": (event) => this.#keep(event),
  };

  #keep(event: ProcessEvent): void {
    if (this.keepsAll) this.all.push(event);
  }
}

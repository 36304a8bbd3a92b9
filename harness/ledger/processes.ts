import type { EventOf } from "../history/event.ts";
import type { Contradictions } from "./contradictions.ts";
import type { Reader, Readings } from "./reading.ts";

/** Follows the processes and the broker: nobody may die whom the harness did not end. */
export class Processes implements Reader {
  readonly #contradictions: Contradictions;
  readonly #started = new Set<string>();
  readonly #killed = new Set<string>();
  #brokerFaults = 0;

  constructor(contradictions: Contradictions) {
    this.#contradictions = contradictions;
  }

  readonly reads: Readings = {
    "process-started": (event) => {
      this.#started.add(processName(event));
    },
    "process-signalled": (event) => {
      if (event.signal === "SIGKILL") this.#killed.add(processName(event));
    },
    "process-exited": (event) => this.#exited(event),
    "fault-injected": (event) => {
      if (event.fault === "broker-kill" || event.fault === "broker-stop") this.#brokerFaults++;
    },
    "broker-down": (event) => this.#brokerDown(event),
    "broker-up": () => {
      this.#brokerFaults = 0;
    },
  };

  #exited(event: EventOf<"process-exited">): void {
    const name = processName(event);
    if (!this.#started.has(name)) this.#contradictions.add("exit-unstarted", name);
    if (event.signal === "SIGKILL" && !this.#killed.has(name)) {
      this.#contradictions.add("killed-by-other", name);
    }
    // The number may be given to another process.
    this.#started.delete(name);
    this.#killed.delete(name);
  }

  #brokerDown(event: EventOf<"broker-down">): void {
    if (event.clean || this.#brokerFaults > 0) return;
    const about = `boot ${event.boot} ended with exit code ${event.exitCode}, and no fault asked for it`;
    this.#contradictions.add("broker-died", about);
  }
}

function processName({ subject, pid }: { subject: string; pid: number }): string {
  return `${subject} (pid ${pid})`;
}

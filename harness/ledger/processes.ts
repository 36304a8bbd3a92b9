import type { EventOf, FaultName } from "../history/event.ts";
import type { Contradictions } from "./contradictions.ts";
import type { Reader, Readings } from "./reading.ts";

/** What a fault names as its target where the broker is a single node. */
const BROKER = "broker";

/** The faults that end the broker, or a node of it. */
const ENDING: readonly FaultName[] = [
  "broker-kill",
  "broker-stop",
  "power-cut",
  "upgrade",
  "node-kill",
  "node-stop",
];

/** Follows the processes and the broker: nobody may die whom the harness did not end. */
export class Processes implements Reader {
  readonly #contradictions: Contradictions;
  readonly #started = new Set<string>();
  readonly #killed = new Set<string>();
  /** The broker, or the nodes of it, that a fault has ended since they were last up. */
  readonly #struck = new Set<string>();

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
      if (ENDING.includes(event.fault)) this.#struck.add(event.target);
    },
    "broker-down": (event) => this.#brokerDown(event),
    "broker-up": ({ node = BROKER }) => {
      this.#struck.delete(node);
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
    const { node = BROKER } = event;
    if (event.clean || this.#struck.has(node)) return;
    const of = event.node === undefined ? "" : ` of ${event.node}`;
    const about = `boot ${event.boot}${of} ended with exit code ${event.exitCode}, and no fault asked for it`;
    this.#contradictions.add("broker-died", about);
  }
}

function processName({ subject, pid }: { subject: string; pid: number }): string {
  return `${subject} (pid ${pid})`;
}

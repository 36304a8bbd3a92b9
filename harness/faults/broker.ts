import { MemoryAlarm } from "./alarm.ts";
import { type Ending, restartBroker } from "./broker-restart.ts";
import type { Stage } from "./stage.ts";

/** A fault that lasts until it is healed. Once is enough. */
export interface Lasting {
  heal(): Promise<void>;
}

/** What can happen to the broker as a whole, and what its operator can do to it. */
export class BrokerFaults {
  readonly #stage: Stage;
  readonly #lasting: Lasting[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Ends the broker and starts it again on the same data. */
  restart(ending: Ending, whileDown?: () => Promise<void>): Promise<void> {
    return restartBroker(this.#stage, ending, whileDown);
  }

  /** Makes the broker low on memory until it is healed, or the account is asked for. */
  memoryAlarm(): Promise<MemoryAlarm> {
    return this.#last(MemoryAlarm.raise(this.#stage));
  }

  /** Ends whatever still lasts, the latest first. */
  async heal(): Promise<void> {
    for (const fault of this.#lasting.toReversed()) await fault.heal();
  }

  async #last<Fault extends Lasting>(beginning: Promise<Fault>): Promise<Fault> {
    const fault = await beginning;
    this.#lasting.push(fault);
    return fault;
  }
}

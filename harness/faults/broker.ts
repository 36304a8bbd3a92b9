import type { BootFailure } from "../broker/boot-failure.ts";
import type { ContainerSettings } from "../broker/broker.ts";
import type { Kept, Unflushed } from "../broker/disk.ts";
import { Alarm } from "./alarm.ts";
import { type Ending, restartBroker } from "./broker-restart.ts";
import { closeConnections } from "./connection-closure.ts";
import { Freeze } from "./freeze.ts";
import { type MomentOptions, NOW } from "./moments.ts";
import { cutPower, syncDisk } from "./power-cut.ts";
import { type CrashOptions, crashQueue } from "./queue-crash.ts";
import { deleteQueue } from "./queue-deletion.ts";
import type { Stage } from "./stage.ts";
import { upgrade } from "./upgrade.ts";

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

  /**
   * Stops the broker and starts it again from another image, on the same data. If that refuses them,
   * the broker comes back as what it was.
   *
   * @param settings of the other version, as its operator would have changed them with it.
   * @returns the refusal, if it was refused.
   */
  upgrade(image: string, settings?: ContainerSettings): Promise<BootFailure | undefined> {
    return upgrade(this.#stage, image, settings);
  }

  /** Makes the broker low on memory until it is healed, or the account is asked for. */
  memoryAlarm(): Promise<Alarm> {
    return this.#last(Alarm.memory(this.#stage));
  }

  /** Makes the broker low on disk until it is healed, or the account is asked for. */
  diskAlarm(): Promise<Alarm> {
    return this.#last(Alarm.disk(this.#stage));
  }

  /** Freezes every process of the broker until it is healed, or the account is asked for. */
  pause(): Promise<Freeze> {
    return this.#last(Freeze.begin(this.#stage));
  }

  /** Cuts the power of the broker and its disk, which keeps this of what it was not told to flush. */
  cutPower(kept: Kept = "written"): Promise<Unflushed> {
    return cutPower(this.#stage, kept);
  }

  /** Puts on disk what the broker has written to its files: only what happens later is at stake. */
  syncDisk(): Promise<void> {
    return syncDisk(this.#stage);
  }

  /** Crashes the process that is a queue; says whether it runs again. */
  crashQueue(queue: string, options: CrashOptions = {}): Promise<boolean> {
    return crashQueue(this.#stage, queue, options);
  }

  /** Deletes a queue, whoever uses it, as an operator can. */
  deleteQueue(queue: string): Promise<void> {
    return deleteQueue(this.#stage, queue);
  }

  /** Closes a subject's connections at a moment, as an operator can. */
  closeConnections(subject: string, options: MomentOptions = NOW): Promise<void> {
    return closeConnections(this.#stage, subject, options);
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

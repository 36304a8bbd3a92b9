import type { Subject } from "../workers/subject.ts";
import { closeChannels } from "./channel-closure.ts";
import { ConsumerTimeout } from "./consumer-timeout.ts";
import { plantDuplicate, plantLoss } from "./early-ack.ts";
import { type MomentOptions, NOW } from "./moments.ts";
import type { Stage } from "./stage.ts";
import { kill } from "./subject-faults.ts";
import { type Suspension, suspend } from "./suspension.ts";
import { type Leaving, type TerminationOptions, terminate } from "./termination.ts";

/** What can happen to one subject. Each can be ordered before the subject is started. */
export class SubjectFaults {
  readonly #stage: Stage;
  readonly #find: (name: string) => Subject;
  readonly #lasting: { heal(): Promise<void> }[] = [];

  constructor(stage: Stage, find: (name: string) => Subject) {
    this.#stage = stage;
    this.#find = find;
  }

  /** SIGKILL of its process group. */
  kill(name: string, options: MomentOptions): Promise<void> {
    return kill(this.#stage, name, () => this.#find(name), "worker-kill", options);
  }

  /** SIGTERM, and a deadline by which it is gone. */
  terminate(name: string, options: TerminationOptions): Promise<Leaving> {
    return terminate(this.#stage, name, () => this.#find(name), options);
  }

  /** SIGSTOP, until it is healed or the account is asked for. */
  async suspend(name: string, options: MomentOptions): Promise<Suspension> {
    const suspension = await suspend(this.#stage, name, () => this.#find(name), options);
    this.#lasting.push(suspension);
    return suspension;
  }

  /** The broker closes the channels on which it consumes. */
  closeChannels(name: string, options: MomentOptions = NOW): Promise<void> {
    return closeChannels(this.#stage, name, options);
  }

  /** The broker loses patience with an ack; for consumers that begin from now on. */
  async consumerTimeout(): Promise<ConsumerTimeout> {
    const timeout = await ConsumerTimeout.arm(this.#stage);
    this.#lasting.push(timeout);
    return timeout;
  }

  /** Loses a task in its name; returns the task. */
  plantLoss(name: string): Promise<string> {
    return plantLoss(this.#stage, name, () => this.#find(name));
  }

  /** Has a task done twice in its name; returns the task. */
  plantDuplicate(name: string): Promise<string> {
    return plantDuplicate(this.#stage, name, () => this.#find(name));
  }

  /** Ends whatever still lasts, the latest first. */
  async heal(): Promise<void> {
    for (const fault of this.#lasting.toReversed()) await fault.heal();
  }
}

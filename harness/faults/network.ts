import type { NetworkFault } from "../history/event.ts";
import type { Harm, Towards } from "../link/impairment.ts";
import { breakOff } from "./break-off.ts";
import { LastingFault } from "./lasting-fault.ts";
import { type MomentOptions, NOW, reach } from "./moments.ts";
import { type NetworkTarget, subjectOf } from "./network-target.ts";
import type { Stage } from "./stage.ts";

export interface WayOptions extends MomentOptions {
  /** Whose bytes are struck: those on their way to the broker, or to the client. Default both. */
  towards: Towards;
}

/** What a network can do to connections, at a moment, until it is healed. */
export class Network {
  readonly #stage: Stage;
  readonly #lasting: LastingFault[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Both sides of each connection see a reset. */
  reset(target: NetworkTarget, options: MomentOptions = NOW): Promise<void> {
    return breakOff(this.#stage, "connection-reset", target, options, ({ link }, scope) =>
      link.reset(scope),
    );
  }

  /** Both sides of each connection see its end, without a goodbye of the protocol. */
  close(target: NetworkTarget, options: MomentOptions = NOW): Promise<void> {
    return breakOff(this.#stage, "connection-close", target, options, ({ link }, scope) =>
      link.hangUp(scope),
    );
  }

  /** The connection ends in the middle of the frames that the moment is about. */
  tear(subject: string, options: MomentOptions): Promise<void> {
    return breakOff(this.#stage, "torn-frame", subject, options, (_, __, { held }) => {
      if (!held)
        throw new Error(`At the moment "${options.at}" no frame stands that could be torn`);
      held.tear();
      return 1;
    });
  }

  /** Bytes vanish, and nobody is told. Healed, the network resets what has lost bytes. */
  halfOpen(target: NetworkTarget, options: Partial<WayOptions> = {}): Promise<LastingFault> {
    return this.#impair("half-open", target, options, { kind: "half-open" });
  }

  /** Bytes wait. Healed, they arrive. */
  stall(target: NetworkTarget, options: Partial<WayOptions> = {}): Promise<LastingFault> {
    return this.#impair("stall", target, options, { kind: "stall" });
  }

  /**
   * Bytes arrive later, in order.
   *
   * @param options `by` and `jitter` in milliseconds; the jitter is drawn from a seed.
   * @throws RangeError for no delay at all, and above a second: what is that slow counts as stuck.
   */
  async delay(
    target: NetworkTarget,
    {
      by,
      jitter = 0,
      seed = 1,
      ...options
    }: Partial<WayOptions> & {
      by: number;
      jitter?: number;
      seed?: number;
    },
  ): Promise<LastingFault> {
    const longest = by + jitter;
    if (!(by >= 0 && jitter >= 0 && longest > 0)) {
      throw new RangeError(`A delay takes time, and its jitter too: ${by} ± ${jitter} ms is none`);
    }
    if (longest > LONGEST_DELAY) {
      throw new RangeError(`A delay is at most ${LONGEST_DELAY} ms, not ${longest}: use a stall`);
    }
    return this.#impair("latency", target, options, { kind: "latency", delay: by, jitter, seed });
  }

  /**
   * Bytes pass as fast as a narrow line lets them.
   *
   * @throws RangeError below a byte per second: use a stall.
   */
  async throttle(
    target: NetworkTarget,
    { bytesPerSecond, ...options }: Partial<WayOptions> & { bytesPerSecond: number },
  ): Promise<LastingFault> {
    if (!(bytesPerSecond >= 1)) {
      throw new RangeError(`A line passes 1 byte per second or more, not ${bytesPerSecond}`);
    }
    return this.#impair("bandwidth", target, options, { kind: "bandwidth", bytesPerSecond });
  }

  /**
   * One connection is cut when so many more bytes have passed on one way of it.
   *
   * @throws RangeError for what is no number of bytes.
   */
  async cutAfter(
    target: NetworkTarget,
    { bytes, ...options }: Partial<WayOptions> & { bytes: number },
  ): Promise<LastingFault> {
    if (!(Number.isSafeInteger(bytes) && bytes >= 0)) {
      throw new RangeError(`A connection is cut after a whole number of bytes, not ${bytes}`);
    }
    return this.#impair("cut-after", target, options, { kind: "cut-after", bytes });
  }

  /** No new connection of a subject (or of everyone) begins. */
  async refuse(subject: string, options: MomentOptions = NOW): Promise<LastingFault> {
    const { task } = await reach(this.#stage, subject, options);
    const fault = LastingFault.refusal(this.#stage, { target: subject, moment: options.at, task });
    this.#lasting.push(fault);
    return fault;
  }

  /** Heals whatever keeps traffic from getting to its end. What does not, stays. */
  unblock(): void {
    for (const fault of this.#lasting) if (fault.isBlocking) fault.heal();
  }

  /** Heals whatever has not been healed. */
  heal(): void {
    for (const fault of this.#lasting) fault.heal();
  }

  async #impair(
    fault: NetworkFault,
    target: NetworkTarget,
    { towards, at = "now", nth }: Partial<WayOptions>,
    harm: Harm,
  ): Promise<LastingFault> {
    const moment = nth === undefined ? { at } : { at, nth };
    const { task, held } = await reach(this.#stage, subjectOf(target), moment);
    const ways: Towards[] = towards ? [towards] : ["broker", "client"];
    const lasting = LastingFault.impairment(
      this.#stage,
      { fault, target, moment: at, task },
      { towards: ways, harm },
    );
    this.#lasting.push(lasting);
    const staysHeld = harm.kind === "stall" && held && ways.includes(held.towards);
    if (staysHeld) lasting.afterwards(() => held.forward());
    else held?.forward(); // Where its bytes vanish it is dropped by now.
    return lasting;
  }
}

/** Milliseconds. An experiment in which nothing at all moves for longer than this is over. */
const LONGEST_DELAY = 1000;

import { once } from "node:events";
import type { ChannelModel } from "amqplib";
import { evaluate } from "../broker/evaluate.ts";
import { within } from "../until.ts";
import { connectBystander } from "./bystander.ts";
import { Injection, type Stage } from "./stage.ts";

/** Something that a broker can run short of. */
interface Resource {
  fault: "memory-alarm" | "disk-alarm";
  /** What the broker calls it when it says what it is low on. */
  name: string;
  /** Makes the broker low on it, and prints the limit that it had. */
  raise: string;
  lift(limit: string): string;
}

const MEMORY: Resource = {
  fault: "memory-alarm",
  name: "memory",
  raise: `
    Limit = vm_memory_monitor:get_vm_memory_high_watermark(),
    vm_memory_monitor:set_vm_memory_high_watermark(0),
    Limit.`,
  lift: (limit) => `vm_memory_monitor:set_vm_memory_high_watermark(${limit}).`,
};

/** A petabyte is more than any disk here has left. */
const DISK: Resource = {
  fault: "disk-alarm",
  name: "disk",
  raise: `
    Limit = rabbit_disk_monitor:get_disk_free_limit(),
    rabbit_disk_monitor:set_disk_free_limit(1000000000000000),
    Limit.`,
  lift: (limit) => `rabbit_disk_monitor:set_disk_free_limit(${limit}).`,
};

/** Milliseconds in which a connection hears of an alarm. */
const SOON = 2_000;

/** A broker that is low on something, until it is healed. */
export class Alarm {
  readonly #stage: Stage;
  readonly #resource: Resource;
  readonly #injection: Injection;
  readonly #limit: string;
  readonly #bystander: ChannelModel;
  #healed: Promise<void> | undefined;

  private constructor(
    stage: Stage,
    resource: Resource,
    injection: Injection,
    limit: string,
    bystander: ChannelModel,
  ) {
    this.#stage = stage;
    this.#resource = resource;
    this.#injection = injection;
    this.#limit = limit;
    this.#bystander = bystander;
  }

  /** The broker is allowed no memory at all. */
  static memory(stage: Stage): Promise<Alarm> {
    return Alarm.#raise(stage, MEMORY);
  }

  /** The broker is to keep more of its disk free than there is. */
  static disk(stage: Stage): Promise<Alarm> {
    return Alarm.#raise(stage, DISK);
  }

  /**
   * Raises the alarm. Its witness is a bystander on a connection of its own, past the link: when it
   * publishes, the broker tells it that it is blocked, and why.
   */
  static async #raise(stage: Stage, resource: Resource): Promise<Alarm> {
    const bystander = await connectBystander(stage);
    const { fault, name } = resource;
    const injection = Injection.begin(stage.history, { fault, target: "broker", moment: "now" });
    const limit = await evaluate(stage.broker, resource.raise);
    const alarm = new Alarm(stage, resource, injection, limit, bystander);
    try {
      const told = await blocked(bystander);
      const reason = `low on ${name}`;
      if (told !== reason) throw new Error(`A bystander was told "${told}", and not "${reason}"`);
      injection.witnessed(`the broker has blocked a bystander: ${told}`);
    } catch (error) {
      // What went wrong first is what has to be said.
      await alarm.#restore().catch(() => {});
      await bystander.close().catch(() => {});
      throw error;
    }
    return alarm;
  }

  /** Lifts the alarm, and waits until the broker reads from everyone again. Once is enough. */
  heal(): Promise<void> {
    this.#healed ??= this.#lift();
    return this.#healed;
  }

  async #lift(): Promise<void> {
    const unblocked = once(this.#bystander, "unblocked");
    await this.#restore();
    await within("the broker to unblock a bystander", unblocked);
    await this.#bystander.close();
  }

  async #restore(): Promise<void> {
    this.#injection.healed();
    await evaluate(this.#stage.broker, this.#resource.lift(this.#limit));
  }
}

/**
 * Publishes until the broker blocks the connection, because a connection hears of an alarm a moment
 * after it is raised, and is blocked when it publishes after that.
 *
 * @returns the broker's reason, or `confirmed` where it went on to take what was published.
 */
async function blocked(bystander: ChannelModel): Promise<string> {
  const channel = await bystander.createConfirmChannel();
  const reason = new Promise<string>((resolve) => bystander.once("blocked", resolve));
  const began = performance.now();
  for (;;) {
    const confirmed = new Promise<string>((resolve) => {
      channel.publish("", "nobody", Buffer.alloc(0), {}, () => resolve("confirmed"));
    });
    const told = await within(
      "the broker to answer a bystander",
      Promise.race([reason, confirmed]),
    );
    if (told !== "confirmed" || performance.now() - began > SOON) return told;
  }
}

import type { ChannelModel } from "amqplib";
import { connectUntilUp } from "../broker/connect.ts";
import { evaluate } from "../broker/evaluate.ts";
import { within } from "../until.ts";
import { Injection, type Stage } from "./stage.ts";

/** Gives the broker no memory to use, and prints how much it had been allowed. */
const RAISE = `
  Limit = vm_memory_monitor:get_vm_memory_high_watermark(),
  vm_memory_monitor:set_vm_memory_high_watermark(0),
  Limit.`;

const lift = (limit: string) => `vm_memory_monitor:set_vm_memory_high_watermark(${limit}).`;

/** A broker that is low on memory, until it is healed. */
export class MemoryAlarm {
  readonly #stage: Stage;
  readonly #injection: Injection;
  readonly #limit: string;
  readonly #bystander: ChannelModel;
  #healed: Promise<void> | undefined;

  private constructor(stage: Stage, injection: Injection, limit: string, bystander: ChannelModel) {
    this.#stage = stage;
    this.#injection = injection;
    this.#limit = limit;
    this.#bystander = bystander;
  }

  /**
   * Raises the alarm. Its witness is a bystander on a connection of its own, past the link: when it
   * publishes, the broker tells it that it is blocked.
   */
  static async raise(stage: Stage): Promise<MemoryAlarm> {
    const bystander = await connectBystander(stage);
    const channel = await bystander.createChannel();
    const blocked = new Promise<string>((resolve) => bystander.once("blocked", resolve));
    const { history } = stage;
    const about = { fault: "memory-alarm", target: "broker", moment: "now" } as const;
    const injection = Injection.begin(history, about);
    const limit = await evaluate(stage.broker, RAISE);
    const alarm = new MemoryAlarm(stage, injection, limit, bystander);
    try {
      channel.publish("", "nobody", Buffer.alloc(0)); // A connection is blocked once it publishes.
      const reason = await within("the broker to block a bystander", blocked);
      injection.witnessed(`the broker has blocked a bystander: ${reason}`);
    } catch (error) {
      await alarm.heal().catch(() => {}); // What went wrong first is what has to be said.
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
    const unblocked = new Promise<void>((resolve) => this.#bystander.once("unblocked", resolve));
    this.#injection.healed();
    await evaluate(this.#stage.broker, lift(this.#limit));
    await within("the broker to unblock a bystander", unblocked);
    await this.#bystander.close();
  }
}

async function connectBystander({ broker }: Stage): Promise<ChannelModel> {
  const { amqp } = broker;
  if (!amqp) throw new Error("The broker is down, and can't be low on memory");
  const bystander = await connectUntilUp(() => `amqp://guest:guest@${amqp.host}:${amqp.port}`);
  bystander.on("error", () => {}); // Whoever waits for its word will miss it.
  return bystander;
}

import type { ChannelModel } from "amqplib";
import { within } from "../until.ts";
import { connectBystander } from "./bystander.ts";
import { Injection, type Stage } from "./stage.ts";

/**
 * A broker of which every process stands still, until it is healed. Its sockets stay open, and the
 * kernel takes in what is sent to it.
 */
export class Freeze {
  readonly #stage: Stage;
  readonly #injection: Injection;
  readonly #bystander: ChannelModel;
  readonly #asked: Promise<unknown>;
  #isAnswered = false;
  #healed: Promise<void> | undefined;

  private constructor(stage: Stage, injection: Injection, bystander: ChannelModel) {
    this.#stage = stage;
    this.#injection = injection;
    this.#bystander = bystander;
    this.#asked = bystander.createChannel().then(() => {
      this.#isAnswered = true;
    });
    this.#asked.catch(() => {}); // Whoever waits for the answer will learn why it never came.
  }

  /**
   * Freezes it. Its witnesses are the engine, and a bystander past the link whose question is
   * answered only once the broker goes on; so they have their say when it is healed.
   */
  static async begin(stage: Stage): Promise<Freeze> {
    const { broker, history } = stage;
    const bystander = await connectBystander(stage);
    const about = { fault: "broker-pause", target: "broker", moment: "now" } as const;
    const injection = Injection.begin(history, about);
    await broker.pause();
    history.record({ type: "broker-paused", boot: broker.boot });
    return new Freeze(stage, injection, bystander);
  }

  /** Lets it go on, and waits until it answers. Once is enough. */
  heal(): Promise<void> {
    this.#healed ??= this.#resume();
    return this.#healed;
  }

  async #resume(): Promise<void> {
    const { broker, history } = this.#stage;
    const isFrozen = await broker.isFrozen();
    const wasAnswered = this.#isAnswered;
    this.#injection.healed();
    await broker.resume();
    history.record({ type: "broker-resumed", boot: broker.boot });
    try {
      if (!isFrozen) throw new Error("The engine did not have the broker frozen");
      if (wasAnswered) throw new Error("The broker answered a bystander while it was frozen");
      await within("the broker to answer a bystander once it goes on", this.#asked);
    } finally {
      await this.#bystander.close();
    }
    const evidence = "the engine had it frozen, and a bystander was answered only after that";
    this.#injection.witnessed(evidence);
  }
}

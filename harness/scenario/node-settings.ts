import type { Broker } from "../broker/broker.ts";
import { evaluate } from "../broker/evaluate.ts";

/**
 * Settings of the whole node, as its operator would have them in `rabbitmq.conf`, for as long as the
 * experiment lasts. The node forgets them when it restarts.
 */
export class NodeSettings {
  readonly #broker: Broker;
  /** What each was set to before, as Erlang prints it. */
  #before: string | undefined;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  /** Applies to channels that are opened from now on. */
  async set(settings: Record<string, number>): Promise<void> {
    const list = Object.entries(settings).map(([key, value]) => `{${key}, ${value}}`);
    this.#before = await evaluate(
      this.#broker,
      `Settings = [${list}],
       Before = [{Key, application:get_env(rabbit, Key, undefined)} || {Key, _} <- Settings],
       [ok = application:set_env(rabbit, Key, Value) || {Key, Value} <- Settings],
       Before.`,
    );
  }

  async restore(): Promise<void> {
    const before = this.#before;
    this.#before = undefined;
    if (before === undefined) return;
    const set = "ok = application:set_env(rabbit, Key, Value)";
    await evaluate(this.#broker, `[${set} || {Key, Value} <- ${before}], ok.`);
  }
}

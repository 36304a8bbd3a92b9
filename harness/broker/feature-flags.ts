import type { Broker } from "./broker.ts";
import { evaluate } from "./evaluate.ts";

/**
 * Enables every feature flag that is disabled, as `rabbitmqctl enable_feature_flag all` does, and
 * those besides that the broker calls experimental. There is no way back.
 *
 * @param broker the node that is asked; it enables them on every node of its cluster.
 * @throws with the broker's words where it refuses one.
 */
export async function enableFeatureFlags(broker: Broker): Promise<void> {
  const disabled = "maps:keys(rabbit_feature_flags:list(disabled))";
  const told = await evaluate(
    broker,
    `[{Flag, Refusal} || Flag <- ${disabled}, Refusal <- [rabbit_feature_flags:enable(Flag)],
       Refusal =/= ok].`,
  );
  if (told !== "[]") throw new Error(`The broker did not enable all of its feature flags: ${told}`);
}

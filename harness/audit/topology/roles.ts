import type { Definitions } from "./definitions.ts";
import { routed } from "./routing.ts";
import { termsOf } from "./terms.ts";

/**
 * What a queue is to an experiment:
 *
 * - `work`: tasks wait in it, to be done;
 * - `retry`: dead letters wait in it for some time, and go on from there;
 * - `parking`: dead letters end in it;
 * - `output`: it holds the outcome of the work;
 * - `elsewhere`: none of these, as far as anything declared tells.
 */
export type QueueRole = "work" | "retry" | "parking" | "output" | "elsewhere";

/** Each queue's role, found by following the work queue's dead letters. */
export function rolesOf(
  definitions: Definitions,
  { queue, routingKey, output }: { queue: string; routingKey: string; output: string | undefined },
): Map<string, QueueRole> {
  const roles = new Map<string, QueueRole>();
  for (const { name, arguments: args } of definitions.queues) {
    if (args["x-queue-type"] !== "stream") roles.set(name, "elsewhere"); // Nothing leaves a stream.
  }
  if (output !== undefined) roles.set(output, "output");
  const follow = (name: string, key: string, isWork: boolean): void => {
    const found = definitions.queues.find((one) => one.name === name);
    const terms = found && termsOf(definitions, found);
    const goesOn = terms?.expires === true && terms.deadLetters !== undefined;
    roles.set(name, isWork ? "work" : goesOn ? "retry" : "parking");
    if (!terms?.deadLetters || !(isWork || goesOn)) return;
    const { exchange, routingKey: own = key } = terms.deadLetters;
    for (const next of routed(definitions, exchange, own)) {
      if (roles.get(next) === "elsewhere") follow(next, own, false);
    }
  };
  follow(queue, routingKey, true);
  return roles;
}

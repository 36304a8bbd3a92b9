import type { Discard, QueueType } from "../../history/event.ts";
import type { Definitions, PolicyDefinition, QueueDefinition } from "./definitions.ts";

/** What holds for a queue, by its own arguments or by a policy. */
export interface QueueTerms {
  type: QueueType;
  /** Where its dead letters go; undefined where they are dropped. */
  deadLetters: { exchange: string; routingKey: string | undefined } | undefined;
  /** Do its messages leave it by themselves, after some time? */
  expires: boolean;
  /** What may drop a task from it. */
  discards: Discard[];
}

/** A queue's terms. Where both its arguments and a policy speak, this takes its arguments. */
export function termsOf(definitions: Definitions, queue: QueueDefinition): QueueTerms {
  const policy = policyOf(definitions, queue)?.definition ?? {};
  const setting = (name: string) => queue.arguments[`x-${name}`] ?? policy[name];
  const exchange = setting("dead-letter-exchange");
  const routingKey = setting("dead-letter-routing-key");
  const expires = setting("message-ttl") !== undefined;
  const isLimited = ["max-length", "max-length-bytes"].some((name) => setting(name) !== undefined);
  const drops = isLimited && !String(setting("overflow") ?? "drop-head").startsWith("reject");
  const deadLetters =
    typeof exchange === "string"
      ? { exchange, routingKey: typeof routingKey === "string" ? routingKey : undefined }
      : undefined;
  const discards: Discard[] = [];
  if (expires && !deadLetters) discards.push("ttl");
  if (drops && !deadLetters) discards.push("length-limit");
  return { type: typeOf(queue), deadLetters, expires, discards };
}

/** A stream is no work queue; whatever is no quorum queue counts as classic. */
export function typeOf({ arguments: { "x-queue-type": type } }: QueueDefinition): QueueType {
  return type === "quorum" ? "quorum" : "classic";
}

/** The one policy that applies: of those that match, the one with the highest priority. */
function policyOf({ policies }: Definitions, queue: QueueDefinition): PolicyDefinition | undefined {
  const scopes = ["all", "queues", `${typeOf(queue)}_queues`];
  return policies
    .filter((policy) => scopes.includes(policy["apply-to"]) && isMatch(policy, queue.name))
    .sort((one, other) => other.priority - one.priority)[0];
}

/** The broker's regular expressions are Erlang's: one that is none here applies to nothing. */
function isMatch({ pattern }: PolicyDefinition, name: string): boolean {
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return false;
  }
}

import type { Admin } from "../../broker/admin.ts";
import type {
  BindingDefinition,
  Definitions,
  ExchangeDefinition,
  QueueDefinition,
} from "./definitions.ts";
import type { Place } from "./topology.ts";

/**
 * Milliseconds after which the broker deletes a queue that nobody has used: where it is somebody
 * else's, and an audit was killed before it could. A day is longer than any trial, and than a night
 * for which a machine is asleep in the middle of one.
 */
const EXPIRY = 24 * 60 * 60 * 1000;

/**
 * The audit's own queues: the work queue, where its dead letters end, and the output queue. Dead
 * letters are a matter of a policy, where one can be set: a worker that declares its queue itself
 * would be refused if that had arguments which it does not know of.
 */
export function ownDefinitions(
  { queue, queueType, exchange, routingKey, output }: Place,
  admin: Admin | undefined,
): Definitions {
  const parked = `${queue}.parked`;
  const deadLetters = { "dead-letter-exchange": "", "dead-letter-routing-key": parked };
  const passing = admin ? {} : { "x-expires": EXPIRY };
  const own = admin ? {} : { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": parked };
  const policy = {
    vhost: undefined,
    name: `ackproof ${queue}`,
    pattern: `^${queue.replaceAll(/[^\w-]/g, "\\$&")}$`,
    "apply-to": "queues",
    definition: deadLetters,
    priority: 0,
  };
  const type = { "x-queue-type": queueType };
  return {
    queues: [
      queueNamed(queue, { ...type, ...passing, ...own }),
      queueNamed(parked, { ...type, ...passing }),
      // A worker that publishes declares it too, and knows of no such argument.
      ...(output === undefined ? [] : [queueNamed(output, type)]),
    ],
    exchanges: exchange === "" ? [] : [exchangeNamed(exchange)],
    bindings: exchange === "" ? [] : [binding(exchange, routingKey, queue)],
    policies: admin ? [policy] : [],
  };
}

/** Without the user's own word on it, an exchange goes by the routing key. */
function exchangeNamed(name: string): ExchangeDefinition {
  const lasting = { durable: true, auto_delete: false, internal: false };
  return { vhost: undefined, name, type: "direct", ...lasting, arguments: {} };
}

function queueNamed(name: string, args: Record<string, unknown>): QueueDefinition {
  return { vhost: undefined, name, durable: true, auto_delete: false, arguments: args };
}

function binding(source: string, routing_key: string, destination: string): BindingDefinition {
  const to = { destination, destination_type: "queue" } as const;
  return { vhost: undefined, source, routing_key, ...to, arguments: {} };
}

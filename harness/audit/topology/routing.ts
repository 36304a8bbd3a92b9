import type { BindingDefinition, Definitions } from "./definitions.ts";

/** Exchanges that every virtual host has. */
const BUILT_IN: Readonly<Record<string, string>> = {
  "amq.direct": "direct",
  "amq.fanout": "fanout",
  "amq.topic": "topic",
};

/**
 * The queues that a message published to an exchange may reach, by what is declared. Where that
 * depends on more than the routing key (a headers exchange, one of a plugin's), all that are bound.
 */
export function routed(
  definitions: Definitions,
  exchange: string,
  routingKey: string,
): ReadonlySet<string> {
  const queues = new Set<string>();
  const seen = new Set<string>();
  const follow = (from: string): void => {
    if (seen.has(from)) return;
    seen.add(from);
    const matching = definitions.bindings.filter(
      (binding) => binding.source === from && matches(definitions, binding, routingKey),
    );
    for (const { destination, destination_type } of matching) {
      if (destination_type === "queue") queues.add(destination);
      else follow(destination);
    }
    const alternate = definitionOf(definitions, from)?.arguments["alternate-exchange"];
    if (matching.length === 0 && typeof alternate === "string") follow(alternate);
  };
  // The default exchange has a binding for each queue, which no export tells.
  if (exchange === "") queues.add(routingKey);
  else follow(exchange);
  return queues;
}

function matches(definitions: Definitions, binding: BindingDefinition, key: string): boolean {
  const { source, routing_key: pattern } = binding;
  switch (definitionOf(definitions, source)?.type ?? BUILT_IN[source]) {
    case "direct":
      return pattern === key;
    case "topic":
      return matchesTopic(pattern.split("."), key.split("."));
    default:
      return true;
  }
}

function definitionOf({ exchanges }: Definitions, name: string) {
  return exchanges.find((exchange) => exchange.name === name);
}

/** `*` is one word, `#` is any number of them. */
function matchesTopic([head, ...pattern]: string[], words: string[]): boolean {
  if (head === undefined) return words.length === 0;
  if (head === "#") {
    return words.length > 0
      ? matchesTopic(pattern, words) || matchesTopic([head, ...pattern], words.slice(1))
      : matchesTopic(pattern, words);
  }
  const [word, ...rest] = words;
  return word !== undefined && (head === "*" || head === word) && matchesTopic(pattern, rest);
}

import * as v from "valibot";
import { SetupError } from "../../errors.ts";

const name = v.string();
const flag = (otherwise: boolean) => v.optional(v.boolean(), otherwise);
const table = v.optional(v.record(v.string(), v.unknown()), {});

/** Exports of one virtual host leave its name out. */
const vhost = v.optional(v.string());

const queue = v.object({
  vhost,
  name,
  durable: flag(true),
  auto_delete: flag(false),
  arguments: table,
});

const exchange = v.object({
  vhost,
  name,
  type: v.string(),
  durable: flag(true),
  auto_delete: flag(false),
  internal: flag(false),
  arguments: table,
});

const binding = v.object({
  vhost,
  source: v.string(),
  destination: v.string(),
  destination_type: v.picklist(["queue", "exchange"]),
  routing_key: v.optional(v.string(), ""),
  arguments: table,
});

const policy = v.object({
  vhost,
  name,
  pattern: v.string(),
  "apply-to": v.optional(v.string(), "all"),
  definition: v.record(v.string(), v.unknown()),
  priority: v.optional(v.number(), 0),
});

const exported = v.object({
  vhosts: v.optional(v.array(v.object({ name })), []),
  queues: v.optional(v.array(queue), []),
  exchanges: v.optional(v.array(exchange), []),
  bindings: v.optional(v.array(binding), []),
  policies: v.optional(v.array(policy), []),
});

export type QueueDefinition = v.InferOutput<typeof queue>;
export type ExchangeDefinition = v.InferOutput<typeof exchange>;
export type BindingDefinition = v.InferOutput<typeof binding>;
export type PolicyDefinition = v.InferOutput<typeof policy>;

/** What there is in one virtual host. */
export interface Definitions {
  queues: QueueDefinition[];
  exchanges: ExchangeDefinition[];
  bindings: BindingDefinition[];
  policies: PolicyDefinition[];
}

const PARTS = ["queues", "exchanges", "bindings", "policies"] as const;

/** The virtual host that is there from the beginning. */
const DEFAULT_VHOST = "/";

/**
 * Reads what RabbitMQ exports: of one virtual host, or of several, of which it takes `/` or the
 * only one with anything in it. Users, permissions and parameters are left out.
 *
 * @param where the file, to name it.
 * @throws {SetupError} what is wrong with it.
 */
export function parseDefinitions(text: string, where: string): Definitions {
  const read = v.safeParse(exported, jsonOf(text, where));
  if (!read.success) {
    const [{ message }] = read.issues;
    const path = v.getDotPath(read.issues[0]) ?? "the whole";
    throw new SetupError(`${where} holds no RabbitMQ definitions: ${path}: ${message}`);
  }
  return ofVhost(read.output, vhostOf(read.output, where));
}

function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new SetupError(`${where} is no JSON: ${(cause as Error).message}`, { cause });
  }
}

/** Undefined where none is named, and so all is of one. */
function vhostOf(output: Definitions, where: string): string | undefined {
  const named = PARTS.flatMap((part) => output[part].map((one) => one.vhost));
  const vhosts = [...new Set(named.filter((one) => one !== undefined))];
  if (vhosts.length <= 1) return vhosts[0];
  if (vhosts.includes(DEFAULT_VHOST)) return DEFAULT_VHOST;
  const all = vhosts.map((one) => JSON.stringify(one)).join(", ");
  throw new SetupError(
    `${where} defines several virtual hosts (${all}), and none of them is "/". Export the one that the worker uses by "rabbitmqadmin --vhost <name> export <file>".`,
  );
}

function ofVhost(output: Definitions, vhost: string | undefined): Definitions {
  const isOfIt = (one: { vhost?: string | undefined }) =>
    one.vhost === undefined || one.vhost === vhost;
  return {
    queues: output.queues.filter(isOfIt),
    exchanges: output.exchanges.filter(isOfIt),
    bindings: output.bindings.filter(isOfIt),
    policies: output.policies.filter(isOfIt),
  };
}

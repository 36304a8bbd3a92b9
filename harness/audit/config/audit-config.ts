import type { QueueType } from "../../history/event.ts";
import type { ConvictionKind } from "../../ledger/convictions.ts";
import type { IdPlace } from "../options.ts";

/** A time: a number of milliseconds, or a text such as `"500ms"`, `"10s"` or `"1.5m"`. */
export type Duration = number | `${number}${"ms" | "s" | "m"}`;

/** What `ackproof.config.ts` may say. All of it is optional; flags and environment come first. */
export interface AuditConfig {
  /**
   * The worker's command, run without a shell. A text is split at its spaces; a list is taken as
   * it is. Given here, or after `--` on the command line.
   */
  command?: string | readonly string[] | undefined;
  /** Environment variables for the worker, besides its own and the contract's. `--env` adds some. */
  env?: Readonly<Record<string, string>> | undefined;
  /**
   * Where it is seen that a task's work was done: requests to `EFFECT_URL` (`"sink"`), lines in
   * the file `EFFECT_LOG` (`"log"`), the `<id> <count>` lines that a shell command prints, or
   * messages in an output queue. With `"none"`, effects are not observed.
   *
   * @default "sink"
   */
  effects?: "sink" | "log" | "none" | { probe: string } | { queue: string } | undefined;

  /**
   * A series such as `"4.0"`, an image, or an `amqp://` URL of a broker that is there already.
   * Where nothing is said, it is the image that is prepared on this machine.
   */
  broker?: string | undefined;
  /**
   * The queue that the worker consumes from.
   *
   * @default "tasks"
   */
  queue?: string | undefined;
  /** @default "classic" */
  queueType?: QueueType | undefined;
  /**
   * The exchange that tasks are published to; the default exchange where it is empty.
   *
   * @default ""
   */
  exchange?: string | undefined;
  /** The routing key of tasks. Where nothing is said, it is the queue's name. */
  routingKey?: string | undefined;
  /** The path of RabbitMQ definitions (JSON), declared in place of the audit's own queue. */
  definitions?: string | undefined;
  /** A shell command that declares the topology; it has `AMQP_URL` and `QUEUE`. After definitions. */
  setup?: string | undefined;

  /**
   * Tasks in each trial, from 1 to 10000.
   *
   * @default 10
   */
  tasks?: number | undefined;
  /**
   * The content of each task, at most 1 MiB: `{{id}}` stands for its id. `"@task.json"` is the
   * content of a file.
   *
   * @default '{"task":"{{id}}"}'
   */
  payload?: string | undefined;
  /** @default "application/json" */
  contentType?: string | undefined;
  /**
   * Where tasks carry their id besides `messageId`: `"correlationId"` or `"header:<name>"`.
   *
   * @default "messageId"
   */
  id?: IdPlace | undefined;
  /**
   * What ids and orders are drawn from, from 0 to 2147483647. It is the same each time, so that
   * two audits of the same worker do the same.
   *
   * @default 1
   */
  seed?: number | undefined;

  /**
   * Workers in a trial with peers, from 1 to 20.
   *
   * @default 2
   */
  workers?: number | undefined;
  /**
   * Time from a worker's start to its consumer, at most 10 minutes.
   *
   * @default "20s"
   */
  ready?: Duration | undefined;
  /**
   * Time from SIGTERM to the worker's exit, at most 10 minutes.
   *
   * @default "10s"
   */
  drain?: Duration | undefined;
  /**
   * Time in which nothing moves before a task that has no end counts as stuck, at most 10 minutes.
   * Longer than the worker waits before it connects again.
   *
   * @default "10s"
   */
  patience?: Duration | undefined;
  /**
   * Only what matters most, in under half a minute.
   *
   * @default false
   */
  quick?: boolean | undefined;
  /** Only the trial of this name, or all whose names contain it. */
  only?: string | undefined;

  /**
   * `"allow"`: doing a task twice is harmless.
   *
   * @default "forbid"
   */
  duplicates?: "forbid" | "allow" | undefined;
  /**
   * `"allow"`: a supervisor starts the worker again when it exits.
   *
   * @default "forbid"
   */
  exits?: "forbid" | "allow" | undefined;
  /**
   * How often a task that can't be done may be delivered, from 1 to 1000.
   *
   * @default 10
   */
  deliveries?: number | undefined;
  /** Convictions that are accepted: told, and not counted. */
  allow?: readonly ConvictionKind[] | undefined;

  /** A file for the result as JSON. */
  json?: string | undefined;
  /** A file for the result as JUnit XML. */
  junit?: string | undefined;
  /** A file for the result as Markdown, as for the summary of a job on GitHub. */
  markdown?: string | undefined;
}

/**
 * Types the settings of an audit; an editor completes and checks them.
 *
 * @example
 * export default defineConfig({ command: ["node", "worker.js"], tasks: 20, drain: "5s" });
 */
export function defineConfig(config: AuditConfig): AuditConfig {
  return config;
}

import type { QueueType } from "../history/event.ts";
import type { ConvictionKind } from "../ledger/convictions.ts";

/** Where an audit learns that a task's work was done, the strongest witness first. */
export type Effects =
  /** Work is a `POST $EFFECT_URL/<id>`, seen and held as it happens. */
  | { kind: "sink" }
  /** Work is a line `<id>` appended to the file `$EFFECT_LOG`. */
  | { kind: "log" }
  /** A command, run by a shell when the workers have ended, prints a line `<id> <count>` for each. */
  | { kind: "probe"; command: string }
  /** Work is a message with the task's id in this queue. */
  | { kind: "queue"; queue: string }
  /** Nobody looks: deliveries are accounted, effects are not observed. */
  | { kind: "none" };

/** Where a task carries its id besides its `messageId`, for workers that read it elsewhere. */
export type IdPlace = "messageId" | "correlationId" | `header:${string}`;

/** An audit's settings, complete and checked. */
export interface AuditOptions {
  /** The worker's command and its arguments, run as they are, without a shell. */
  command: [string, ...string[]];
  /** A series such as `4.0`, an image, or an `amqp://` URL of a broker that is there already. */
  broker: string | undefined;
  /** The queue that the worker consumes from. */
  queue: string;
  queueType: QueueType;
  /** Where tasks are published; the default exchange when empty. */
  exchange: string;
  /** The routing key of tasks; the queue's name when left out. */
  routingKey: string | undefined;
  /** RabbitMQ definitions (JSON), declared in place of the audit's own queue. */
  definitions: string | undefined;
  /** A shell command that declares the topology, with `AMQP_URL` and `QUEUE` in its environment. */
  setup: string | undefined;
  effects: Effects;
  id: IdPlace;
  /** The content of each task; `{{id}}` stands for its id. */
  payload: string;
  contentType: string;
  /** Environment variables for the worker besides its own and the contract's. */
  env: Record<string, string>;
  /** Tasks in each trial. */
  tasks: number;
  /** Workers in a trial with peers. */
  workers: number;
  seed: number;
  /** `allow`: doing a task twice is harmless. */
  duplicates: "forbid" | "allow";
  /** `allow`: a supervisor starts the worker again when it exits. */
  exits: "forbid" | "allow";
  /** Convictions that are accepted: told, and not counted. */
  allow: ConvictionKind[];
  /** Milliseconds from SIGTERM to the worker's exit. */
  drain: number;
  /** How often a task that can't be done may be delivered. */
  deliveries: number;
  /** Milliseconds from a worker's start to its consumer. */
  ready: number;
  /** Milliseconds in which nothing moves before a task that has no end counts as stuck. */
  patience: number;
  /** Only what matters most. */
  quick: boolean;
  /** Only trials whose names contain this text. */
  only: string | undefined;
  /** Files to write the result to, besides the run directory. */
  json: string | undefined;
  junit: string | undefined;
  markdown: string | undefined;
}

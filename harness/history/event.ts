/**
 * What the witnesses can say. A history is these events in the order in which the harness saw
 * them; the ledger judges nothing else.
 *
 * A task is named by its `messageId`. `null` stands for a message without one.
 */

/** A fact as its witness reports it, before the recorder stamps it. */
export type Fact =
  | WireFact
  | EffectFact
  | ProcessFact
  | BrokerFact
  | QueueFact
  | WorkloadFact
  | FaultFact
  | LinkFact
  | CompactedFact;

/** A fact, numbered and timed by the recorder. */
export type Event = Fact & Stamp;

export interface Stamp {
  /** Position in the history, from 1, without gaps. */
  seq: number;
  /** Milliseconds since the run began, monotonic. */
  at: number;
}

/** The event of one type. */
export type EventOf<T extends Fact["type"]> = Extract<Event, { type: T }>;

/** Where on the wire something was seen. */
interface Connection {
  subject: string;
  /** Number of the client connection, unique in a run. */
  connection: number;
}

interface Channel extends Connection {
  channel: number;
}

/**
 * A fact sent by the client. `dropped` marks one that a fault kept from the broker: the client
 * sent it, the broker never saw it.
 */
interface FromClient extends Channel {
  dropped?: true;
}

/** A fact sent by the broker. `dropped` marks one that the client never saw. */
interface FromBroker extends Channel {
  dropped?: true;
}

export type Party = "client" | "broker" | "link";

export type WireFact =
  /** `node` is the one of a cluster that it leads to. */
  | ({ type: "connection-opened"; node?: string } & Connection)
  | ({
      type: "client-identified";
      product: string;
      version: string;
    } & Connection)
  | ({
      type: "connection-closed";
      /** Who ended it first. */
      by: Party;
      /** True after a `connection.close` that was answered. */
      clean: boolean;
      code?: number;
      text?: string;
    } & Connection)
  | ({ type: "channel-opened" } & Channel)
  | ({ type: "channel-closed"; by: Party; code: number; text: string } & Channel)
  | ({ type: "confirms-selected" } & Channel)
  /** From now on, publishes and acks on this channel count only once they are committed. */
  | ({ type: "transactions-selected" } & Channel)
  | ({
      type: "published";
      task: string | null;
      exchange: string;
      routingKey: string;
      persistent: boolean;
      mandatory: boolean;
      /** The sequence number a confirm would name, or null where the channel gives no confirms. */
      tag: number | null;
      /**
       * What a worker publishes besides tasks, such as the outcome of its work. How it does so may
       * convict it, and the account has no line for it: answers to it name no task.
       */
      output?: true;
    } & FromClient)
  | ({
      type: "publish-confirmed";
      tasks: (string | null)[];
      tag: number;
      multiple: boolean;
    } & FromBroker)
  | ({
      type: "publish-refused";
      tasks: (string | null)[];
      tag: number;
      multiple: boolean;
    } & FromBroker)
  | ({ type: "publish-returned"; task: string | null; code: number; text: string } & FromBroker)
  | ({ type: "prefetch-set"; count: number; global: boolean } & FromClient)
  | ({
      /** The broker has registered the consumer (`consume-ok`). */
      type: "consuming";
      consumer: string;
      queue: string;
      noAck: boolean;
      /** The limit in force; 0 is none. */
      prefetch: number;
    } & FromBroker)
  | ({ type: "consumer-cancelled"; consumer: string; by: Party } & Channel)
  | ({
      type: "delivered";
      task: string | null;
      tag: number;
      redelivered: boolean;
      noAck: boolean;
      queue: string;
      /** Null for an answer to `basic.get`. */
      consumer: string | null;
    } & FromBroker)
  | ({
      /** The client sent an ack. `tasks` is empty when the tag named nothing unacked. */
      type: "acked";
      tasks: (string | null)[];
      tag: number;
      multiple: boolean;
    } & FromClient)
  | ({
      type: "rejected";
      tasks: (string | null)[];
      tag: number;
      multiple: boolean;
      requeue: boolean;
    } & FromClient)
  /** The link acked a delivery in the client's place, which knows nothing of it: a planted loss. */
  | ({ type: "ack-forged"; task: string | null; tag: number } & Channel);

/** What the link can hold: one method with its content, if it has any. */
export type Holdable = "publish" | "confirm" | "delivery" | "ack" | "reject";

export type LinkFact =
  | ({ type: "held"; what: Holdable; tasks: (string | null)[]; hold: number } & Channel)
  | ({ type: "hold-ended"; hold: number; outcome: "forwarded" | "dropped" } & Channel)
  /** The first bytes of a connection that a network fault struck. */
  | ({
      type: "impaired";
      injection: number;
      harm: Harm;
      /** Who was meant to receive them. */
      towards: "broker" | "client";
      bytes: number;
      /** Milliseconds, where they arrived all the same. */
      late?: number;
    } & Connection)
  /** A network fault kept a subject from connecting. */
  | { type: "connection-refused"; subject: string; injection: number }
  /** Bytes that are not AMQP 0-9-1. The link closes such a connection. */
  | ({ type: "protocol-violation"; by: Party; text: string } & Connection);

export type EffectFact =
  /** A worker asked for the effect: it is mid-task until the effect is done or abandoned. */
  | { type: "effect-requested"; subject: string; task: string; request: number }
  | { type: "effect-done"; subject: string; task: string; request: number }
  /** The sink dropped the request because its caller had gone. The effect did not happen. */
  | { type: "effect-abandoned"; subject: string; task: string; request: number }
  /** Asked for again under a key that the sink knows: answered as done, and not done again. */
  | { type: "effect-repeated"; subject: string; task: string; request: number }
  /** The sink answered that this can't be done, or not now, by an HTTP status. It did not happen. */
  | { type: "effect-refused"; subject: string; task: string; request: number; status: number }
  /** A line of the subject's effect log, read after its end: done, at an unknown time. */
  | { type: "effect-logged"; subject: string; task: string };

export type ProcessFact =
  | { type: "process-started"; subject: string; pid: number; command: string[] }
  /** The harness sent a signal to the subject's process group. */
  | { type: "process-signalled"; subject: string; pid: number; signal: string }
  | {
      type: "process-exited";
      subject: string;
      pid: number;
      code: number | null;
      signal: string | null;
    };

/** Of which node of a cluster something is said. Absent where the broker is a single node. */
interface Node {
  node?: string;
}

export type BrokerFact =
  /** `boot` names one life of the broker, from its start to its end. */
  | ({ type: "broker-up"; boot: string; version: string } & Node)
  | ({ type: "broker-down"; boot: string; exitCode: number; clean: boolean } & Node)
  | ({ type: "broker-paused"; boot: string } & Node)
  | ({ type: "broker-resumed"; boot: string } & Node);

export type QueueFact =
  | {
      type: "queue-declared";
      queue: string;
      /**
       * `parking` is where dead-lettered tasks end. `output` holds the outcome of the work: no task
       * is in it, and it is not drained.
       */
      role: "work" | "parking" | "output";
      durable: boolean;
      queueType: QueueType;
      /** Policies of this queue that may discard a task, as declared by the spec. */
      discards: Discard[];
    }
  | { type: "drained"; queue: string; task: string | null; redelivered: boolean }
  /** The queue was found empty, or (`gone`) the broker no longer had it. */
  | { type: "drain-finished"; queue: string; found: number; gone: boolean }
  | { type: "queue-purged"; queue: string; count: number };

export type WorkloadFact =
  /** The experiment made this task so that nobody can do it. */
  { type: "task-poisoned"; task: string };

export type QueueType = "classic" | "quorum";
export type Discard = "ttl" | "length-limit" | "purge";

/** The named points at which a fault is injected. */
export type Moment =
  | "now"
  | "delivered"
  | "mid-task"
  | "ack-held"
  | "after-ack"
  | "publish-held"
  | "confirm-held";

/** What a network does to the bytes that pass it. */
export type Harm = "half-open" | "stall" | "latency" | "bandwidth" | "cut-after";

/** What a network does to connections: it ends them, harms what passes, or lets none begin. */
export type NetworkFault =
  | "connection-reset"
  | "connection-close"
  | "torn-frame"
  | "connection-refusal"
  | Harm;

/** Every fault there is. */
export const FAULT_NAMES = [
  "worker-kill",
  "producer-kill",
  "worker-term",
  "worker-pause",
  "connection-reset",
  "connection-close",
  "torn-frame",
  "connection-refusal",
  "half-open",
  "stall",
  "latency",
  "bandwidth",
  "cut-after",
  "early-ack",
  "connection-closure",
  "channel-closure",
  "consumer-timeout",
  "queue-crash",
  "queue-deletion",
  "memory-alarm",
  "disk-alarm",
  "broker-stop",
  "broker-kill",
  "broker-pause",
  "power-cut",
  "upgrade",
  "node-stop",
  "node-kill",
  "partition",
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/** The target of a fault that is about every subject. */
export const EVERYONE = "everyone";

export type FaultFact =
  | {
      type: "fault-injected";
      fault: FaultName;
      /** Number of the injection, from 1. */
      injection: number;
      /** A subject's name, "broker", the name of a node of it, or `EVERYONE`. */
      target: string;
      /** The number of one connection of it, where the fault is about no other. */
      connection?: number;
      moment: Moment;
      /** The task at the named moment, where the moment is about one. */
      task: string | null;
    }
  /** Evidence from another witness than the one that injected it. */
  | { type: "fault-witnessed"; fault: FaultName; injection: number; evidence: string }
  | { type: "fault-healed"; fault: FaultName; injection: number };

/** Ids that differ only in the number at their end, from the first to the last; or just one id. */
export type Ids = string | readonly [prefix: string, from: number, to: number];

/** Tasks to which the same happened, once each, and nothing else. */
export interface CompletedTasks {
  /** Published by whom, to which queue (null: through an exchange), and confirmed. */
  publisher: string;
  target: string | null;
  mandatory: boolean;
  /** Delivered to whom, from which queue, done, and acked. */
  worker: string;
  queue: string;
  ids: Ids[];
}

/** What a compacted history tells in place of a great many events. */
export interface CompactedFact {
  /** Tasks that were done without a hitch. It stands where the first of their events stood. */
  type: "tasks-completed";
  completed: CompletedTasks[];
  /** How many events are left out after this one, up to the next of its kind. */
  omits: number;
}

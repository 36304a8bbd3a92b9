import { connect } from "amqplib";
import type { Holdable } from "../../history/event.ts";
import type { Rig } from "../../scenario/rig.ts";

/** Faults of a world that the model is not told of: it must find them out. */
export const PLANTED = [
  "dropped-confirms",
  "dropped-acks",
  "replayed-publishes",
  "early-acks",
  "hidden-limit",
  "transient-publishes",
] as const;
export type PlantedName = (typeof PLANTED)[number];

/** The link drops, or replays, every one of so many. */
const EVERY = 50;

/** What each fault changes. A world without one is as it should be. */
export interface Planted {
  name: PlantedName;
  /** In place of the correct worker. */
  program?: string;
  /** Tasks are sent as transient, whatever was ordered. */
  transient?: true;
  /** Changes the world of a run that begins. */
  furnish?(rig: Rig): Promise<void>;
  /** A subject is about to start. */
  meet?(rig: Rig, subject: string): void;
  /** These tasks are about to be published, the first of them as the n-th of the run. */
  publishing?(rig: Rig, tasks: readonly string[], nth: number): Promise<void>;
}

const ALL: Record<PlantedName, Omit<Planted, "name">> = {
  "dropped-confirms": { meet: (rig, subject) => dropEvery(rig, subject, "publisher", "confirm") },
  "dropped-acks": { meet: (rig, subject) => dropEvery(rig, subject, subject, "ack") },
  "replayed-publishes": { publishing: replay },
  "early-acks": { program: "acks-before-working.ts" },
  "hidden-limit": { furnish: (rig) => rig.policy("tasks", { "max-length": 5 }) },
  "transient-publishes": { transient: true },
};

export function plantedNamed(name: PlantedName): Planted {
  return { name, ...ALL[name] };
}

/** Keeps every 50th from whom it is for, and tells nobody. */
function dropEvery(rig: Rig, subject: string, whose: string, what: Holdable): void {
  if (subject !== whose) return;
  const again = async (): Promise<void> => {
    const held = await rig.place.stage.link.hold({ subject, what, nth: EVERY }).landed;
    held.drop();
    return again();
  };
  void again();
}

/** Sends every 50th once more, past the witnesses. */
async function replay(rig: Rig, tasks: readonly string[], nth: number): Promise<void> {
  const copied = tasks.filter((_, index) => (nth + index) % EVERY === 0);
  const { broker, vhost } = rig.place.stage;
  if (copied.length === 0 || !broker.amqp) return;
  const connection = await connect(broker.urlOf(broker.amqp, vhost));
  const channel = await connection.createConfirmChannel();
  for (const task of copied) {
    channel.sendToQueue("tasks", Buffer.from(task), { messageId: task, persistent: true });
  }
  await channel.waitForConfirms();
  await connection.close();
}

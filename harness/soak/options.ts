import { SetupError } from "../errors.ts";
import type { QueueType } from "../history/event.ts";

/** What a soak is made of. */
export interface SoakOptions {
  /** How many tasks are published. */
  messages: number;
  /** Decides when something is killed, and who. */
  seed: number;
  /** SIGKILLs of workers, and of the broker. */
  workerKills: number;
  brokerKills: number;
  queueType: QueueType;
  programs: Programs;
}

/** The programs under test: commands, run as they are, under the subject contract. */
export interface Programs {
  /** Of one producer, which publishes so many tasks whatever happens, and exits with 0. */
  producer(messages: number): readonly [string, ...string[]];
  worker: readonly [string, ...string[]];
}

/** Workers, of which one goes on while another is away. */
export const WORKERS = 2;

/**
 * Tasks between two kills, at least: a worker has to be there again to be killed again, and workers
 * take and answer hundreds at once.
 */
const ROOM = 1_000;

/** @throws {SetupError} where so many kills can't all land among so few tasks. */
export function requireRoomForKills({ messages, workerKills, brokerKills }: SoakOptions): void {
  const kills = workerKills + brokerKills;
  if (kills * ROOM <= messages) return;
  throw new SetupError(
    `${kills} kills need ${kills * ROOM} messages or more, and there are ${messages}: ` +
      "ask for more --messages, or for fewer --worker-kills and --broker-kills.",
  );
}

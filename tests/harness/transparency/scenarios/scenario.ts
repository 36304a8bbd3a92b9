import type { Fact } from "../../../../harness/history/event.ts";
import type { Client } from "../client.ts";

/** Something that a client does, and what it must come to if it was done at all. */
export interface Scenario {
  title: string;
  /**
   * Does it with a queue of this name, and leaves none behind.
   *
   * @returns what the client observed, beside what it told of its own accord.
   */
  run(client: Client, queue: string): Promise<unknown>;
  /** The part of the observation that is the same for every client. */
  shows: object;
  /** How many tasks (or else, facts) of each type the link must have on record. */
  records: Partial<Record<Fact["type"], number>>;
}

/** The reason of a refusal that must come. */
export async function refusal(refused: Promise<unknown>): Promise<unknown> {
  return refused.then(
    (answer) => {
      throw new Error(`This had to be refused, and was answered: ${JSON.stringify(answer)}`);
    },
    (error: unknown) => error,
  );
}

import { EFFECTS } from "../../ledger/subjects.ts";
import { Inconclusive } from "../../scenario/inconclusive.ts";
import { within } from "../../until.ts";
import { emptyQueue } from "../topology/empty-queue.ts";
import type { EffectSource, Sight } from "./effect-source.ts";
import { expectAny } from "./expect-any.ts";

/** Each effect is a message in the output queue that carries its task's id. */
export function queueEffects(queue: string): EffectSource {
  return {
    isLive: false,
    sees: true,
    gives: ["OUTPUT_QUEUE"],
    collect: (sight) => collect(queue, sight),
  };
}

async function collect(queue: string, sight: Sight): Promise<void> {
  const { history, tasks, identify } = sight;
  const known = new Set(tasks);
  const connection = await sight.connect();
  connection.on("error", () => {}); // Whoever waits is told.
  try {
    const messages = await within(`${queue} to be emptied`, emptyQueue(connection, queue));
    if (messages === undefined) {
      throw new Inconclusive([
        `The output queue "${queue}" is not there: the audit declares it only where it declares the queues itself.`,
      ]);
    }
    for (const { properties } of messages) {
      const task = identify(properties);
      if (task === null || !known.has(task)) continue;
      history.record({ type: "effect-logged", subject: EFFECTS, task });
    }
    const seen = `The output queue "${queue}" held ${messages.length} messages, none with the id of a task of this trial`;
    expectAny(sight, seen, "does the worker publish its outcome there, under its task's id?");
  } finally {
    await connection.close().catch(() => {}); // It may have been lost.
  }
}

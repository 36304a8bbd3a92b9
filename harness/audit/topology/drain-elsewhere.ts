import type { ChannelModel } from "amqplib";
import type { History } from "../../history/history.ts";
import type { Identifiable } from "../identity.ts";
import { emptyQueue } from "./empty-queue.ts";
import type { Topology } from "./topology.ts";

/**
 * Looks into the queues that are nothing to the experiment, as far as anything declared tells: a
 * worker may have put a task aside there by publishing it. Such a task is parked, and not lost. A
 * message that only tells of a task whose work was done makes no difference. To be done when all
 * effects are collected; past the link, as the wire took the publish for no task.
 */
export async function drainElsewhere(
  connection: ChannelModel,
  topology: Topology,
  {
    history,
    tasks,
    identify,
  }: {
    history: History;
    tasks: readonly string[];
    identify(message: Identifiable): string | null;
  },
): Promise<void> {
  const undone = new Set(tasks);
  for (const event of history.events) {
    if (event.type === "effect-done" || event.type === "effect-logged") undone.delete(event.task);
    if (event.type === "drained" && event.task !== null) undone.delete(event.task);
  }
  for (const queue of topology.queues("elsewhere")) {
    const messages = (await emptyQueue(connection, queue)) ?? [];
    const found = messages.filter(({ properties }) => undone.has(identify(properties) ?? ""));
    if (found.length === 0) continue;
    const about = { durable: true, queueType: topology.place.queueType, discards: [] };
    history.record({ type: "queue-declared", queue, role: "parking", ...about });
    for (const { properties, fields } of found) {
      const { redelivered } = fields;
      history.record({ type: "drained", queue, task: identify(properties), redelivered });
    }
    history.record({ type: "drain-finished", queue, found: found.length, gone: false });
  }
}

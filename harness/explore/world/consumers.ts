import type { Answer, ConsumerSlot } from "../plan/command.ts";
import type { World } from "./world.ts";

/** Milliseconds for tasks that are on their way to a consumer; there may be none. */
const ARRIVAL = 100;

/** Subscribes a consumer in hand. Where the queue is missing, there is none. */
export async function consume(
  world: World,
  { who, prefetch, noAck }: { who: ConsumerSlot; prefetch: number; noAck: boolean },
): Promise<boolean> {
  if (world.consumers.has(who)) return false;
  const { rig, planted } = world;
  const name = world.newName(who);
  planted?.meet?.(rig, name);
  const { done } = world.begin({ type: "started", subject: name, acksAfterWork: true });
  try {
    const consumer = await rig.consumer(name, { prefetch, noAck });
    world.consumers.set(who, { name, consumer, answered: new Set() });
  } catch {
    // The wire has the broker's reason.
  }
  done();
  return true;
}

/** Answers for the oldest tasks that it holds. */
export async function answer(
  world: World,
  { who, how, count }: { who: ConsumerSlot; how: Answer; count: number },
): Promise<boolean> {
  const held = world.consumers.get(who);
  if (!held || !world.isConnected(held.name)) return false;
  const { name, consumer, answered } = held;
  if (world.published === 0) return false;
  await world.mayBe("tasks to come", () => world.heldBy(name).length >= count, ARRIVAL);
  const mine = world.heldBy(name).slice(0, count);
  for (const { task, tag } of mine) {
    const message = consumer.taken.find(({ fields }) => fields.deliveryTag === tag);
    if (!message || task === null) continue; // It is still on its way.
    if (answered.has(message)) continue; // Its answer is.
    answered.add(message);
    if (how === "ack") await consumer.work(task);
    try {
      if (how === "ack") consumer.channel.ack(message);
      else consumer.channel.reject(message, how === "requeue");
    } catch {
      return true; // Its channel was lost: the broker has them again.
    }
  }
  return mine.length > 0;
}

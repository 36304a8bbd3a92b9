import type { Discard, QueueType } from "../../history/event.ts";
import { untilAnswered } from "../../until.ts";
import { DEAD, TASKS, type Terms } from "../plan/command.ts";
import type { World } from "./world.ts";

const TO_DEAD = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD };

/** Declares the queue of tasks; a refusal is an answer like any other. */
export async function declare(world: World, terms: Terms): Promise<boolean> {
  return declareNamed(world, TASKS, terms);
}

export async function declareDead(world: World, type: QueueType): Promise<boolean> {
  return declareNamed(world, DEAD, { type, durable: true });
}

async function declareNamed(world: World, queue: string, terms: Terms): Promise<boolean> {
  const { rig } = world;
  const { type, durable } = terms;
  const from = world.now;
  const refusal = await rig.declare(queue, { type, durable, arguments: argumentsOf(terms) });
  const accepted = refusal === undefined;
  world.deeds.push({ type: "declared", queue, terms, accepted, from, to: world.now });
  if (!accepted) return true;
  const role = queue === DEAD ? "parking" : "work";
  const about = { queue, role, durable, queueType: type, discards: discardsOf(terms) } as const;
  rig.history.record({ type: "queue-declared", ...about });
  return true;
}

function argumentsOf({ maxLength, overflow, ttl, deadLetters, maxPriority }: Terms) {
  return {
    ...(maxLength === undefined ? {} : { "x-max-length": maxLength }),
    ...(overflow === undefined ? {} : { "x-overflow": overflow }),
    ...(ttl === undefined ? {} : { "x-message-ttl": ttl }),
    ...(deadLetters ? TO_DEAD : {}),
    ...(maxPriority === undefined ? {} : { "x-max-priority": maxPriority }),
  };
}

function discardsOf({ maxLength, ttl }: Terms): Discard[] {
  return [
    ...(maxLength === undefined ? [] : (["length-limit"] as const)),
    ...(ttl === undefined ? [] : (["ttl"] as const)),
  ];
}

/** Deletes a queue with all that is in it. Deleting what is not there succeeds. */
export async function deleteQueue(world: World, queue: string): Promise<boolean> {
  const { rig } = world;
  const { done } = world.begin({ type: "deleted", queue });
  const channel = await rig.channel("remover");
  await channel.deleteQueue(queue);
  await channel.close();
  done();
  return true;
}

/**
 * A kill of the broker takes a queue with it that was declared a moment ago: that is known, and
 * told in tests/findings. Here, declarations are on disk before.
 */
export async function registered({ rig, deeds }: World): Promise<void> {
  const there = new Map<string, Terms>();
  for (const deed of deeds) {
    if (deed.type === "declared" && deed.accepted) there.set(deed.queue, deed.terms);
    if (deed.type === "deleted") there.delete(deed.queue);
  }
  if (there.size === 0) return;
  const { broker, vhost } = rig.place.stage;
  await rig.declare("another", { type: "classic", durable: true });
  for (const [queue, { type }] of there) {
    if (type !== "quorum") continue;
    const isThere = () => broker.hasRegistered(vhost, queue);
    await untilAnswered(`the registration of ${queue} to be on disk`, isThere);
  }
}

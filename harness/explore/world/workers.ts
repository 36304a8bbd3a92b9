import type { Moment } from "../../history/event.ts";
import { MissedDeadline } from "../../until.ts";
import type { Slot, WorkerSlot } from "../plan/command.ts";
import type { HeldConsumer, World } from "./world.ts";

/** Milliseconds for a moment to come; it may need more tasks than there are. */
const MOMENT = 1_000;
/** Milliseconds for a program to subscribe. Where its queue is missing, it tries on and on. */
const READY = 5_000;

/** Starts a worker, and waits until it consumes, if it can. */
export async function start(
  world: World,
  { who, prefetch }: { who: WorkerSlot; prefetch: number },
): Promise<boolean> {
  if (world.workers.has(who)) return false;
  const { rig, planted } = world;
  const name = world.newName(who);
  planted?.meet?.(rig, name);
  const { done } = world.begin({ type: "started", subject: name, acksAfterWork: true });
  const program = planted?.program ?? "worker.ts";
  world.workers.set(who, { name, prefetch });
  const since = world.now;
  await rig.producer(name, { folder: "workers", program, prefetch });
  const isDecided = () =>
    rig.history.events
      .slice(since)
      .some(
        (event) =>
          "subject" in event &&
          event.subject === name &&
          (event.type === "consuming" || event.type === "channel-closed"),
      );
  await world.mayBe(`${name} to consume`, isDecided, READY);
  done();
  return true;
}

export async function stop(world: World, slot: Slot): Promise<boolean> {
  if (slot === "w1" || slot === "w2") {
    const name = world.nameOf(slot);
    if (name === undefined) return false;
    world.workers.delete(slot);
    const left = world.rig.subject(name).stop();
    world.rig.place.stage.sink.abandon(name);
    await left;
    return true;
  }
  const held = world.consumers.get(slot);
  if (!held) return false;
  world.consumers.delete(slot);
  await release(world, held);
  return true;
}

/** Gives back what a consumer in hand has not answered, if it still has a connection. */
export async function release(world: World, { name, consumer }: HeldConsumer): Promise<void> {
  if (world.isConnected(name)) await consumer.channel.close().catch(() => {});
}

/** Kills a worker at a moment, or where it is if the moment does not come. */
export async function kill(
  world: World,
  { who, at }: { who: WorkerSlot; at: Moment },
): Promise<boolean> {
  const worker = world.workers.get(who);
  if (!worker) return false;
  const { name } = worker;
  const moment = (await mayReach(world, worker, at)) ? at : "now";
  world.workers.delete(who);
  try {
    await world.rig.kill(name, { at: moment, deadline: MOMENT });
  } catch (error) {
    if (!(error instanceof MissedDeadline)) throw error;
    await world.rig.kill(name, { at: "now" }); // What was armed for it is for nobody else.
  }
  return true;
}

/** Only a worker with a task in hand gets anywhere; past an ack, only with the next one to come. */
async function mayReach(
  world: World,
  { name, prefetch }: { name: string; prefetch: number },
  at: Moment,
): Promise<boolean> {
  if (world.heldBy(name).length === 0) return false;
  if (at !== "after-ack") return true;
  return prefetch === 1 && (await world.ready()) > 0;
}

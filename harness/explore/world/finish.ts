import { hasQueue } from "../../broker/has-queue.ts";
import { MissedDeadline, untilAnswered } from "../../until.ts";
import { TASKS } from "../plan/command.ts";
import { answersTo } from "./publishing.ts";
import { release, stop } from "./workers.ts";
import type { World } from "./world.ts";

/** Milliseconds for workers to subscribe again, and then for one more task to be done. */
const COMEBACK = 10_000;
const WORK = 15_000;

/**
 * Lets a run come to its end: heals, waits for answers, takes consumers in hand away, and lets the
 * workers do what is left.
 *
 * @returns the workers that were consuming, and had the time they needed.
 */
export async function finish(world: World): Promise<string[]> {
  const { rig } = world;
  await world.heal();
  await answersTo(world);
  for (const slot of [...world.consumers.keys()]) await stop(world, slot);
  for (const held of world.strays) await release(world, held);
  rig.open();
  const workers = [...world.workers.values()].map(({ name }) => name);
  if (workers.length === 0 || !(await isThere(world))) return [];
  const isServing = () => workers.some((name) => isConsuming(world, name));
  await world.mayBe("a worker to consume", isServing, COMEBACK);
  await world.mayBe("the workers to be done", () => rig.isSettled, 100);
  if (!rig.isSettled) await untilEmpty(world, workers);
  return workers;
}

/** Has it subscribed since its last connection or channel ended? */
function isConsuming({ rig }: World, name: string): boolean {
  const last = rig.history.events.findLast(
    (event) =>
      "subject" in event &&
      event.subject === name &&
      ["consuming", "channel-closed", "connection-closed", "consumer-cancelled"].includes(
        event.type,
      ),
  );
  return last?.type === "consuming";
}

async function isThere({ rig }: World): Promise<boolean> {
  return hasQueue(await rig.channel("onlooker"), TASKS);
}

/** Asks the queue itself: tasks that are gone for good have no end on the wire. */
async function untilEmpty(world: World, workers: readonly string[]): Promise<void> {
  const isIdle = () => workers.every((name) => world.heldBy(name).length === 0);
  const isDone = async () => world.rig.isSettled || ((await world.ready()) === 0 && isIdle());
  for (let since = world.now; ; since = world.now) {
    try {
      await untilAnswered("the workers to empty the queue", isDone, WORK);
      return;
    } catch (error) {
      if (!(error instanceof MissedDeadline)) throw error;
      if (!getsOn(world, since)) return; // What they leave is held against them.
    }
  }
}

/** Was anything done since then? A slow machine is no broken promise. */
function getsOn({ rig }: World, since: number): boolean {
  return rig.history.events.slice(since).some(({ type }) => type === "effect-done");
}

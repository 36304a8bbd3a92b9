import { MissedDeadline, within } from "../../until.ts";
import type { Publishing } from "../plan/command.ts";
import type { World } from "./world.ts";

/** Milliseconds after which a missing answer counts as one that does not come. */
export const ANSWERS = 5_000;

/** Publishes the next tasks. Where nothing keeps the answers away, they are waited for. */
export async function publish(world: World, how: Publishing): Promise<boolean> {
  const { count } = how;
  const batch = how.confirmed ? how.batch : count;
  for (let sent = 0; sent < count; sent += batch) {
    await publishBatch(world, Math.min(batch, count - sent), how);
  }
  return true;
}

async function publishBatch(world: World, count: number, how: Publishing): Promise<void> {
  const { rig, planted } = world;
  const { persistent, confirmed, mandatory, priority } = how;
  const first = world.published + 1;
  const tasks = Array.from({ length: count }, (_, index) => `task-${first + index}`);
  world.published += count;
  const prioritized = priority !== undefined;
  world.begin({ type: "published", tasks, persistent, mandatory, prioritized });
  const properties = { mandatory, ...(priority === undefined ? {} : { priority }) };
  const isSent = persistent && !planted?.transient;
  const before = world.publishing;
  world.publishing = before.then(async () => {
    await planted?.publishing?.(rig, tasks, first);
    await rig.publish(count, { persistent: isSent, confirmed, properties });
  });
  world.publishing.catch(() => {}); // The wire knows what became of them.
  if (!world.isBlocked) await answersTo(world);
}

/** Waits for the answers to whatever was published; what is late by now does not come. */
export async function answersTo(world: World): Promise<void> {
  try {
    await within("the broker's answers", world.publishing, ANSWERS);
  } catch (error) {
    if (error instanceof MissedDeadline) world.publishing = Promise.resolve();
    // Otherwise its channel was lost, and its publishes are unknown.
  }
}

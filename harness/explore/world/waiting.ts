import type { Event } from "../../history/event.ts";
import type { Condition } from "../plan/command.ts";
import type { World } from "./world.ts";

/** Milliseconds for what may not come at all. */
const PATIENCE = 200;

const ANNOUNCED: Record<Condition, (event: Event) => boolean> = {
  delivered: ({ type }) => type === "delivered",
  worked: ({ type }) => type === "effect-done",
};

/** Waits for one more of something, where there is somebody who could do it. */
export async function awaitCondition(world: World, condition: Condition): Promise<boolean> {
  if (world.published === 0 || world.workers.size + world.consumers.size === 0) return false;
  if (condition === "worked" && !world.isOpen) return false;
  const since = world.now;
  const isThere = () => world.rig.history.events.slice(since).some(ANNOUNCED[condition]);
  return world.mayBe(`a task to be ${condition}`, isThere, PATIENCE);
}

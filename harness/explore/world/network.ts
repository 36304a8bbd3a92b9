import type { ConsumerSlot, NetworkHarm, Slot } from "../plan/command.ts";
import { answersTo } from "./publishing.ts";
import type { World } from "./world.ts";

/** Does something to the network of one subject, if it has connected. */
export async function harmNetwork(
  world: World,
  { who, harm }: { who: Slot | "publisher"; harm: NetworkHarm },
): Promise<boolean> {
  const name = world.nameOf(who);
  if (name === undefined || !world.isConnected(name)) return false;
  const { network } = world.rig;
  if (who === "publisher") await answersTo(world);
  switch (harm) {
    case "reset":
      await network.reset(name);
      break;
    case "close":
      await network.close(name);
      break;
    case "half-open":
      await network.halfOpen(name);
      world.isBlocked = true;
      break;
    case "stall":
      await network.stall(name);
      world.isBlocked = true;
      break;
  }
  if (who === "c1" || who === "c2") stray(world, who);
  return true;
}

/** It does not subscribe again, and answers for nothing more. */
function stray({ consumers, strays }: World, slot: ConsumerSlot): void {
  const held = consumers.get(slot);
  consumers.delete(slot);
  if (held) strays.push(held);
}

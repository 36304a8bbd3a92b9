import type { BrokerHarm } from "../plan/command.ts";
import { registered } from "./queues.ts";
import type { World } from "./world.ts";

/** Does something to the broker as a whole. Consumers in hand do not outlive its end. */
export async function harmBroker(world: World, harm: BrokerHarm): Promise<boolean> {
  const { broker, place } = world.rig;
  if (harm === "power-cut" && !place.stage.broker.disk) return false;
  if (harm !== "pause") await registered(world);
  const { done } = world.begin({ type: "broker", harm });
  switch (harm) {
    case "restart":
      await broker.restart("graceful");
      break;
    case "kill":
      await broker.restart("SIGKILL");
      break;
    case "power-cut":
      await broker.cutPower("flushed");
      break;
    case "pause":
      await broker.pause();
      world.isBlocked = true;
      break;
  }
  done();
  if (harm !== "pause") world.consumers.clear();
  return true;
}

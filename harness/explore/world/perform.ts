import type { Command } from "../plan/command.ts";
import { harmBroker } from "./broker.ts";
import { answer, consume } from "./consumers.ts";
import { harmNetwork } from "./network.ts";
import { publish } from "./publishing.ts";
import { declare, declareDead, deleteQueue } from "./queues.ts";
import { awaitCondition } from "./waiting.ts";
import { kill, start, stop } from "./workers.ts";
import type { World } from "./world.ts";

/**
 * Does one thing of a plan, if it makes sense where the run stands by now; otherwise nothing. So
 * every part of a plan is a plan.
 *
 * @returns whether it was done.
 */
export async function perform(world: World, command: Command): Promise<boolean> {
  if (needsBroker(command)) await world.heal();
  switch (command.do) {
    case "declare":
      return declare(world, command.terms);
    case "declare-dead":
      return declareDead(world, command.type);
    case "delete":
      return deleteQueue(world, command.queue);
    case "publish":
      return publish(world, command);
    case "start":
      return start(world, command);
    case "consume":
      return consume(world, command);
    case "answer":
      return answer(world, command);
    case "stop":
      return stop(world, command.who);
    case "kill":
      return kill(world, command);
    case "network":
      return harmNetwork(world, command);
    case "broker":
      return harmBroker(world, command.harm);
    case "open":
      world.isOpen = true;
      world.rig.open();
      return true;
    case "heal":
      await world.heal();
      return true;
    case "wait":
      return awaitCondition(world, command.until);
  }
}

/** While something lasts, tasks are still published, and subjects killed; no more. */
function needsBroker(command: Command): boolean {
  if (command.do === "kill") return command.at !== "now";
  return !["publish", "open", "wait"].includes(command.do);
}

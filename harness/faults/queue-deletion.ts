import { Admin } from "../broker/admin.ts";
import { connectBystander } from "./bystander.ts";
import { Injection, type Stage } from "./stage.ts";

const NOT_FOUND = 404;

/**
 * Deletes a queue with all that is in it, by the management API. Its witness is a bystander past
 * the link, whom the broker then tells that there is no such queue.
 */
export async function deleteQueue(stage: Stage, queue: string): Promise<void> {
  const { broker, history, vhost } = stage;
  const bystander = await connectBystander(stage, vhost);
  const about = { fault: "queue-deletion", target: "broker", moment: "now" } as const;
  const injection = Injection.begin(history, about);
  await new Admin(broker).deleteQueue(vhost, queue);
  const channel = await bystander.createChannel();
  channel.on("error", () => {}); // The answer hoped for closes the channel.
  const answer = await channel.checkQueue(queue).catch((error: { code?: number }) => error);
  if (!("code" in answer && answer.code === NOT_FOUND)) {
    throw new Error(`The queue ${queue} is still there after its deletion`);
  }
  injection.witnessed(`a bystander was told that there is no ${queue}`);
  await bystander.close();
}

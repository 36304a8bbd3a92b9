import { Admin } from "../broker/admin.ts";
import { hasQueue } from "../broker/has-queue.ts";
import { connectBystander } from "./bystander.ts";
import { Injection, type Stage } from "./stage.ts";

/**
 * Deletes a queue with all that is in it, by the management API. Its witness is a bystander past
 * the link, whom the broker then tells that there is no such queue.
 */
export async function deleteQueue(stage: Stage, queue: string): Promise<void> {
  const { broker, history, vhost } = stage;
  const bystander = await connectBystander(stage, vhost);
  const about = { fault: "queue-deletion", target: "broker", moment: "now" } as const;
  const injection = Injection.begin(history, about);
  try {
    await new Admin(broker).deleteQueue(vhost, queue);
    if (await hasQueue(await bystander.createChannel(), queue)) {
      throw new Error(`The queue ${queue} is still there after its deletion`);
    }
  } finally {
    await bystander.close();
  }
  injection.witnessed(`a bystander was told that there is no queue ${queue}`);
}

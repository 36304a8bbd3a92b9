import type { ChannelModel } from "amqplib";
import { connectUntilUp } from "../broker/connect.ts";
import type { Stage } from "./stage.ts";

/**
 * A connection to the broker past the link, for a witness who is nobody's subject. It sends no
 * heartbeats, and so waits for the broker as long as it is asked to.
 *
 * @param vhost the run's own, or the default one.
 */
export async function connectBystander({ broker }: Stage, vhost = "/"): Promise<ChannelModel> {
  const { amqp } = broker;
  if (!amqp) throw new Error("The broker is down, and has no bystander");
  const { host, port } = amqp;
  const url = `amqp://guest:guest@${host}:${port}/${encodeURIComponent(vhost)}?heartbeat=0`;
  const bystander = await connectUntilUp(() => url);
  bystander.on("error", () => {}); // Whoever waits for its word will miss it.
  return bystander;
}

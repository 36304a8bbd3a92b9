import type { Stage } from "../faults/stage.ts";
import { Client } from "./client.ts";

/** By which a subject speaks to each node of the broker, through the link. */
export async function urlsFor(
  { link, broker, vhost }: Pick<Stage, "link" | "broker" | "vhost">,
  subject: string,
): Promise<string[]> {
  const addresses = await link.openAll(subject);
  return addresses.map((address) => broker.urlOf(address, vhost));
}

/** A client of the harness's own, which the wire sees as a subject of that name. */
export async function openClient(
  stage: Pick<Stage, "link" | "broker" | "vhost">,
  name: string,
): Promise<Client> {
  return new Client(await urlsFor(stage, name), name);
}

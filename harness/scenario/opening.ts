import { randomUUID } from "node:crypto";
import { Admin } from "../broker/admin.ts";
import type { Stage } from "../faults/stage.ts";
import type { QueueType } from "../history/event.ts";
import { History } from "../history/history.ts";
import { DRAIN, OPERATOR, PUBLISHER } from "../ledger/subjects.ts";
import type { Identity } from "../link/identity.ts";
import { Link } from "../link/link.ts";
import { Sink } from "../sink/sink.ts";
import type { Client } from "./client.ts";
import { type Nodes, upstreamOf, vhostIsUp } from "./nodes.ts";
import { openClient } from "./open-client.ts";

/** The harness's own clients. */
export type OwnClients = Record<"publisher" | "drain" | "operator", Client>;

/** Where an experiment takes place: the broker, and the witnesses around it. */
export interface Place {
  stage: Stage;
  clients: OwnClients;
  /** Is the virtual host somebody else's, and so stays? */
  isGiven: boolean;
}

export interface PlaceOptions {
  /** A virtual host that is there already. */
  vhost?: string;
  identity?: Identity;
  /** Into which the witnesses record; one that keeps its events when left out. */
  history?: History;
}

/** Opens the witnesses around a broker. Nothing of it is on the broker yet. */
export async function openPlace(
  on: Nodes,
  { vhost: given, identity, history = new History() }: PlaceOptions,
): Promise<Place> {
  const { broker, cluster } = on;
  const link = new Link(history, upstreamOf(on));
  if (identity) link.identity = identity;
  const sink = await Sink.start(history);
  const vhost = given ?? `ackproof-${randomUUID().slice(0, 8)}`;
  const stage = { history, broker, ...(cluster ? { cluster } : {}), link, sink, vhost };
  const [publisher, drain, operator] = await Promise.all([
    openClient(stage, PUBLISHER),
    openClient(stage, DRAIN),
    openClient(stage, OPERATOR),
  ]);
  return {
    stage,
    clients: { publisher, drain, operator },
    isGiven: given !== undefined,
  };
}

/** Makes the virtual host, and waits until it is up on every node. */
export async function furnish(
  { stage, isGiven }: Place,
  on: Nodes & { defaultQueueType?: QueueType },
): Promise<void> {
  if (!isGiven) await new Admin(stage.broker).createVhost(stage.vhost, on.defaultQueueType);
  await stage.broker.disk?.sync();
  await vhostIsUp(stage.vhost, on);
}

/** Ends the witnesses. */
export async function closePlace({ stage, clients }: Place): Promise<void> {
  await Promise.all(Object.values(clients).map((client) => client.close()));
  await stage.link.close();
  await stage.sink.close();
}

/** Removes the virtual host with all that is in it. */
export async function clear({ stage: { broker, vhost }, isGiven }: Place): Promise<void> {
  if (!isGiven && broker.state === "running") await new Admin(broker).deleteVhost(vhost);
}

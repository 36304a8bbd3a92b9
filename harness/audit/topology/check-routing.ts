import { randomUUID } from "node:crypto";
import type { Channel, ChannelModel, ConfirmChannel, GetMessage } from "amqplib";
import { SetupError } from "../../errors.ts";
import { MissedDeadline, untilAnswered, within } from "../../until.ts";
import type { Topology } from "./topology.ts";

/** Milliseconds for a confirmed message to show in its queue. */
const ARRIVAL = 5_000;

/**
 * Publishes one message as tasks will be, and takes it out of the work queue again. What the user's
 * exchange copies into other queues is taken out of those as well. To be done before any worker
 * runs, past the link, so that no witness takes it for a task.
 *
 * @throws {SetupError} when it does not arrive. It says where it went.
 */
export async function checkRouting(connection: ChannelModel, topology: Topology): Promise<void> {
  const { exchange, routingKey, queue } = topology.place;
  if (exchange === "" && routingKey === queue) return;
  const id = `ackproof-${randomUUID()}`;
  const channel = await connection.createConfirmChannel();
  channel.on("error", () => {});
  if (await isReturned(channel, exchange, routingKey, id)) {
    throw new SetupError(
      `${named(exchange)} routes nothing with the routing key "${routingKey}": no queue is bound to it for that. Bind "${queue}", or publish by another exchange or routing key.`,
    );
  }
  const elsewhere: string[] = [];
  for (const other of topology.routed(exchange, routingKey)) {
    if (other !== queue && (await takeOut(channel, other, id))) elsewhere.push(other);
  }
  if (!(await arrives(channel, queue, id))) {
    const found = elsewhere.length > 0 ? `, but to ${elsewhere.join(", ")}` : "";
    throw new SetupError(
      `${named(exchange)} does not route the routing key "${routingKey}" to the work queue "${queue}"${found}. Name the queue that it routes to, or another routing key.`,
    );
  }
  await channel.close();
}

async function isReturned(channel: ConfirmChannel, exchange: string, key: string, id: string) {
  let returned = false;
  channel.on("return", () => {
    returned = true;
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  channel.on("error", reject); // An exchange that is not there ends the channel.
  const properties = { messageId: id, mandatory: true };
  channel.publish(exchange, key, Buffer.alloc(0), properties, (error: Error | null) =>
    error ? reject(error) : resolve(),
  );
  const answered = within(`the broker's answer to a publish by ${named(exchange)}`, promise);
  await answered.catch((cause: Error) => {
    const { message } = cause;
    throw new SetupError(`Nothing can be published by ${named(exchange)}: ${message}`, { cause });
  });
  return returned;
}

async function arrives(channel: Channel, queue: string, id: string): Promise<boolean> {
  try {
    await untilAnswered("a message to reach its queue", () => takeOut(channel, queue, id), ARRIVAL);
    return true;
  } catch (error) {
    if (error instanceof MissedDeadline) return false;
    throw error;
  }
}

/** Whatever else is in there goes back. */
async function takeOut(channel: Channel, queue: string, id: string): Promise<boolean> {
  const others: GetMessage[] = [];
  let found = false;
  while (!found) {
    const message = await channel.get(queue);
    if (!message) break;
    found = message.properties.messageId === id;
    if (found) channel.ack(message);
    else others.push(message);
  }
  for (const other of others) channel.nack(other, false, true);
  return found;
}

function named(exchange: string): string {
  return exchange === "" ? "The default exchange" : `The exchange "${exchange}"`;
}

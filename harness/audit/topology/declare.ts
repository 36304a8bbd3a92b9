import type { Channel, ChannelModel } from "amqplib";
import type { Admin } from "../../broker/admin.ts";
import { SetupError } from "../../errors.ts";
import { within } from "../../until.ts";
import type { Definitions } from "./definitions.ts";

/** What every virtual host has, and nobody may declare. */
const RESERVED = "amq.";

/**
 * Declares what definitions hold, as any client would, and sets their policies first: they then hold
 * for each queue from its first message on.
 *
 * @param where they are from, to name it.
 * @throws {SetupError} with the broker's own reason when it refuses something.
 */
export async function declareAll(
  { connection, admin, vhost }: { connection: ChannelModel; admin?: Admin; vhost: string },
  { queues, exchanges, bindings, policies }: Definitions,
  where: string,
): Promise<void> {
  await setPolicies({ admin, vhost }, policies, where);
  const refused = (what: string) => (error: Error) => {
    throw new SetupError(`The broker refused ${what} of ${where}: ${error.message}`, {
      cause: error,
    });
  };
  const channel = await openChannel(connection);
  for (const exchange of exchanges) {
    const { name, type, durable, auto_delete: autoDelete, internal, arguments: args } = exchange;
    if (name === "" || name.startsWith(RESERVED)) continue;
    const options = { durable, autoDelete, internal, arguments: args };
    const asked = async () => channel.assertExchange(name, type, options);
    await answered(`the exchange "${name}"`, asked, refused);
  }
  for (const { name, durable, auto_delete: autoDelete, arguments: args } of queues) {
    const asked = async () => channel.assertQueue(name, { durable, autoDelete, arguments: args });
    await answered(`the queue "${name}"`, asked, refused);
  }
  for (const {
    source,
    destination,
    destination_type,
    routing_key: key,
    arguments: args,
  } of bindings) {
    if (source === "") continue; // The default exchange has them by itself.
    const asked = async () =>
      destination_type === "queue"
        ? channel.bindQueue(destination, source, key, args)
        : channel.bindExchange(destination, source, key, args);
    await answered(`the binding of "${destination}" to "${source}"`, asked, refused);
  }
  await channel.close();
}

async function setPolicies(
  { admin, vhost }: { admin: Admin | undefined; vhost: string },
  policies: Definitions["policies"],
  where: string,
): Promise<void> {
  for (const { name, pattern, definition, priority, "apply-to": applyTo } of policies) {
    if (!admin) {
      throw new SetupError(
        `The policy "${name}" of ${where} can't be set: this broker's management API can't be reached. Set its policies yourself and leave them out of ${where}.`,
      );
    }
    const set = admin.setPolicy(vhost, name, pattern, definition, { applyTo, priority });
    await set.catch((cause: Error) => {
      const { message } = cause;
      throw new SetupError(`The broker refused the policy "${name}" of ${where}: ${message}`, {
        cause,
      });
    });
  }
}

/** A refusal may end the channel, or the whole connection: it is told by the answer. */
async function openChannel(connection: ChannelModel): Promise<Channel> {
  const channel = await connection.createChannel();
  channel.on("error", () => {});
  return channel;
}

function answered(
  what: string,
  ask: () => Promise<unknown>,
  refused: (what: string) => (error: Error) => never,
): Promise<unknown> {
  return within(`the broker to declare ${what}`, ask()).catch(refused(what));
}

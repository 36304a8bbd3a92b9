import { connect } from "amqplib";
import { SetupError } from "../errors.ts";
import type { Address } from "./connect.ts";
import type { Life } from "./life.ts";

/** A broker that somebody else runs: where it is, and as whom to connect. */
export interface Given {
  amqp: Address;
  username: string;
  password: string;
  vhost: string;
}

const AMQP_PORT = 5672;

/**
 * Reads `amqp://user:password@host:port/vhost`, of which only the host must be there.
 *
 * @throws {SetupError} for anything else; the message holds no password.
 */
export function parseGiven(url: string): Given {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === "amqps:") {
    throw new SetupError(
      "A broker behind TLS (amqps://) can't be used: what goes through is to be read. Give its amqp:// listener.",
    );
  }
  if (parsed?.protocol !== "amqp:" || parsed.hostname === "") {
    throw new SetupError("A broker's URL is amqp://user:password@host:port/vhost.");
  }
  const { hostname, port, username, password, pathname } = parsed;
  return {
    amqp: { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || AMQP_PORT) },
    username: decodeURIComponent(username || "guest"),
    password: decodeURIComponent(password || "guest"),
    vhost: pathname.length > 1 ? decodeURIComponent(pathname.slice(1)) : "/",
  };
}

/**
 * Connects once, to see that it is there and what it is.
 *
 * @throws {SetupError} where it is, and why it can't be connected to.
 */
export async function lifeOfGiven({ amqp, username, password, vhost }: Given): Promise<Life> {
  const { host: hostname, port } = amqp;
  try {
    const connection = await connect({ hostname, port, username, password, vhost });
    const { version } = connection.connection.serverProperties;
    await connection.close();
    return { boot: "given", version, amqp, management: amqp };
  } catch (cause) {
    const { message } = cause as Error;
    throw new SetupError(
      `The broker at ${hostname}:${port} (vhost ${vhost}) can't be used: ${message}`,
      { cause },
    );
  }
}

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

/** Milliseconds until a broker counts as not there: a host that drops packets never answers. */
const PATIENCE = 10_000;

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
  const isOne = parsed?.protocol === "amqp:" && /^[^,]+$/.test(parsed.hostname);
  if (!isOne) {
    throw new SetupError(
      "A broker's URL is amqp://user:password@host:port/vhost. Of a cluster, give that of one node, or of the balancer before them.",
    );
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
  const at = { hostname, port, username, password, vhost };
  try {
    const connection = await connect(at, { timeout: PATIENCE });
    const { version } = connection.connection.serverProperties;
    await connection.close();
    return { boot: "given", version, amqp, management: amqp };
  } catch (cause) {
    throw new SetupError(refusalOf(cause as Error, at).join("\n"), { cause });
  }
}

/** What was refused, and then what to do about it. amqplib tells only by its messages. */
function refusalOf(
  { message, code }: Error & { code?: unknown },
  { hostname, port, username, vhost }: { hostname: string; port: number } & Omit<Given, "amqp">,
): [string, string] {
  const broker = `The broker at ${hostname}:${port}`;
  if (message.includes("ACCESS-REFUSED")) {
    return [
      `${broker} does not know the user "${username}", or it has another password.`,
      "They are in the URL: amqp://user:password@host:port/vhost",
    ];
  }
  if (message.includes("got <ConnectionClose")) {
    return [
      `${broker} does not let the user "${username}" into the virtual host "${vhost}".`,
      "Is it there, and has the user permissions in it? It ends the URL: amqp://host:port/vhost",
    ];
  }
  const why = typeof code === "string" ? code : message;
  return [
    `There is no broker at ${hostname}:${port} (${why}).`,
    "Is it up, and is this its port for AMQP? The URL is amqp://user:password@host:port/vhost",
  ];
}

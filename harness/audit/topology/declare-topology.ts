import { readFile } from "node:fs/promises";
import type { ChannelModel } from "amqplib";
import type { Admin } from "../../broker/admin.ts";
import { hasExchange, hasQueue } from "../../broker/has-queue.ts";
import { SetupError } from "../../errors.ts";
import { runShell, ShellFailure } from "../shell.ts";
import { declareAll } from "./declare.ts";
import { type Definitions, parseDefinitions } from "./definitions.ts";
import { ownDefinitions } from "./own-definitions.ts";
import { type Place, Topology } from "./topology.ts";

/** Where a topology is declared, and by whom. */
export interface Site {
  /** The operator's, through the link. */
  connection: ChannelModel;
  /** What a setup command connects by: also the operator's, through the link. */
  url: string;
  vhost: string;
  /** Absent where the broker's management API can't be reached. */
  admin?: Admin;
}

/** What of an audit's options says how the queues come into being. */
export interface TopologyOptions extends Place {
  /** A file. */
  definitions: string | undefined;
  /** A shell command. */
  setup: string | undefined;
}

/**
 * Declares the queues of a trial: by the user's definitions or setup command, or both (first the
 * definitions), or else the audit's own.
 *
 * @throws {SetupError} when something is refused or fails, or the work queue isn't there then.
 */
export async function declareTopology(options: TopologyOptions, site: Site): Promise<Topology> {
  const { definitions: file, setup, queue, output } = options;
  const given = file === undefined ? undefined : await readDefinitions(file, queue, setup);
  const own = given ?? (setup === undefined ? ownDefinitions(options, site.admin) : undefined);
  const missingOwn = own && !given ? await missingOf(own, site.connection) : undefined;
  if (given) await declareAll(site, given, `${file}`);
  else if (missingOwn) await declareAll(site, missingOwn, "the audit's own");
  if (setup !== undefined) await runSetup(setup, options, site);
  const declaredBy = setup === undefined ? `${file}` : "the setup command";
  if (!(await isThere(site.connection, queue))) throw missing("work", queue, declaredBy);
  if (output !== undefined && !(await isThere(site.connection, output))) {
    throw missing("output", output, declaredBy);
  }
  const known = own ?? { queues: [], exchanges: [], bindings: [], policies: [] };
  const declared = missingOwn?.queues.map(({ name }) => name);
  const topology = new Topology(options, known, declared);
  if (setup !== undefined) await survey(topology, site);
  return topology;
}

/**
 * Looks what is declared by now: workers declare queues as well. Where there is no management API,
 * nothing tells, and this does nothing.
 */
export async function survey(
  topology: Topology,
  { admin, vhost }: Pick<Site, "admin" | "vhost">,
): Promise<void> {
  if (!admin) return;
  const text = await admin.definitions(vhost);
  topology.learn(parseDefinitions(text, `What the broker says of ${vhost}`));
}

async function readDefinitions(
  file: string,
  queue: string,
  setup: string | undefined,
): Promise<Definitions> {
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw new SetupError(`The definitions can't be read: ${cause.message}`, { cause });
  });
  const definitions = parseDefinitions(text, file);
  const names = definitions.queues.map(({ name }) => name);
  if (names.includes(queue) || setup !== undefined) return definitions;
  if (names.length === 0) {
    throw new SetupError(
      `${file} defines no queue: export the definitions by "rabbitmqctl export_definitions <file>", or leave the option out.`,
    );
  }
  throw new SetupError(
    `The work queue "${queue}" isn't among the queues of ${file} (${names.join(", ")}): name the one that the worker consumes from.`,
  );
}

async function runSetup(command: string, { queue, output }: Place, { url }: Site): Promise<void> {
  const env = { AMQP_URL: url, QUEUE: queue, ...(output ? { OUTPUT_QUEUE: output } : {}) };
  try {
    await runShell({ name: "The setup command", command, env });
  } catch (error) {
    if (error instanceof ShellFailure) throw new SetupError(error.message, { cause: error });
    throw error;
  }
}

/** What is there already, on a broker of the user's, stays as it is. */
async function missingOf(own: Definitions, connection: ChannelModel): Promise<Definitions> {
  const queues: Definitions["queues"] = [];
  for (const queue of own.queues) {
    if (!(await isThere(connection, queue.name))) queues.push(queue);
  }
  const exchanges: Definitions["exchanges"] = [];
  for (const exchange of own.exchanges) {
    if (!(await isExchange(connection, exchange.name))) exchanges.push(exchange);
  }
  return { ...own, queues, exchanges };
}

async function isThere(connection: ChannelModel, queue: string): Promise<boolean> {
  const channel = await connection.createChannel();
  const found = await hasQueue(channel, queue);
  if (found) await channel.close(); // Otherwise the broker has closed it.
  return found;
}

async function isExchange(connection: ChannelModel, exchange: string): Promise<boolean> {
  const channel = await connection.createChannel();
  const found = await hasExchange(channel, exchange);
  if (found) await channel.close();
  return found;
}

function missing(kind: "work" | "output", queue: string, declaredBy: string): SetupError {
  return new SetupError(
    `The ${kind} queue "${queue}" isn't there after ${declaredBy} has had its turn: let it declare that queue, or name the one that it declares.`,
  );
}

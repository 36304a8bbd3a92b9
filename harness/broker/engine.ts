import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import { ask, type Endpoint } from "./engine-api.ts";

/** A container engine that answers. */
export interface Engine {
  endpoint: Endpoint;
  /** Docker or Podman, with its version: `Docker 20.10.24`. */
  title: string;
}

/** Why an engine that was looked for could not be used. */
export interface Silence {
  address: string;
  /** A system error's code, such as ENOENT, EACCES or ECONNREFUSED, or a message. */
  reason: string;
}

export type EngineSearch = { engine: Engine } | FailedSearch;

export interface FailedSearch {
  engine?: undefined;
  /** The address was set by hand, in DOCKER_HOST for one. */
  explicit: boolean;
  silences: Silence[];
}

/** What decides where an engine is looked for. */
export interface Surroundings {
  platform: NodeJS.Platform;
  /** The environment's settings over those of ~/.testcontainers.properties. */
  settings: Record<string, string | undefined>;
  home: string;
  uid: number;
}

const ANSWER_DEADLINE = 5_000;

/**
 * The addresses at which an engine may be, first choice first: those of testcontainers, which
 * starts the brokers later and must come to the same engine. An address that was set by hand
 * stands alone: another engine than the one that was asked for is no help.
 */
export function engineAddresses({ platform, settings, home, uid }: Surroundings): string[] {
  const explicit = explicitAddress(settings);
  if (explicit) return [explicit];
  if (platform === "win32") return ["npipe:////./pipe/docker_engine"];
  const runtime = settings.XDG_RUNTIME_DIR;
  const sockets = [
    "/var/run/docker.sock",
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    join(home, ".docker/run/docker.sock"),
    join(home, ".docker/desktop/docker.sock"),
    `/run/user/${uid}/docker.sock`,
  ];
  return [...new Set(sockets)].map((socket) => `unix://${socket}`);
}

function explicitAddress(settings: Surroundings["settings"]): string | undefined {
  return settings["tc.host"] || settings.DOCKER_HOST;
}

/** Reads one address. @throws {SetupError} when it is none that can be spoken to from here. */
export function endpointAt(address: string, settings: Surroundings["settings"] = {}): Endpoint {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "unix:") return { address, connect: { socketPath: url.pathname } };
  // A URL's path would lose the dot of `//./pipe`.
  if (url?.protocol === "npipe:") return { address, connect: { socketPath: address.slice(8) } };
  if (url?.hostname && ["tcp:", "http:", "https:"].includes(url.protocol)) {
    const tls = url.protocol === "https:" || settings.DOCKER_TLS_VERIFY === "1";
    const certificates = tls ? readCertificates(settings.DOCKER_CERT_PATH) : {};
    const port = url.port || (tls ? "2376" : "2375");
    return { address, connect: { host: url.hostname, port, ...certificates } };
  }
  throw new SetupError(
    `The container engine's address can't be used: ${address}. ` +
      "Set DOCKER_HOST to unix:///path/to/socket or tcp://host:port, or unset it.",
  );
}

/** Asks each address in turn. @throws {SetupError} when an address that was set makes no sense. */
export async function searchEngine(): Promise<EngineSearch> {
  const surroundings = surroundingsHere();
  const silences: Silence[] = [];
  for (const address of engineAddresses(surroundings)) {
    const endpoint = endpointAt(address, surroundings.settings);
    try {
      return { engine: await identify(endpoint) };
    } catch (error) {
      silences.push({ address, reason: reasonOf(error) });
    }
  }
  return { explicit: explicitAddress(surroundings.settings) !== undefined, silences };
}

/** The engine, for who can't do without. @throws {SetupError} when none answers. */
export async function requireEngine(): Promise<Engine> {
  const search = await searchEngine();
  if (search.engine) return search.engine;
  const tried = search.silences.map(({ address, reason }) => `${address} (${reason})`);
  throw new SetupError(
    `No container engine answers at ${tried.join(", ")}. Run \`${commandLine("setup")}\`.`,
  );
}

/** @throws what the connection failed with. */
export async function identify(endpoint: Endpoint): Promise<Engine> {
  const { Version, Components } = await ask<{ Version: string; Components?: { Name: string }[] }>(
    endpoint,
    "/version",
    { signal: AbortSignal.timeout(ANSWER_DEADLINE) },
  );
  const podman = Components?.some(({ Name }) => Name.startsWith("Podman")) ?? false;
  const number = /^[\d.]+/.exec(Version)?.[0] ?? Version;
  return { endpoint, title: `${podman ? "Podman" : "Docker"} ${number}` };
}

function surroundingsHere(): Surroundings {
  const home = homedir();
  const file = join(home, ".testcontainers.properties");
  const properties = existsSync(file) ? parseProperties(readFileSync(file, "utf8")) : {};
  const settings = {
    "tc.host": properties["tc.host"],
    DOCKER_HOST: process.env.DOCKER_HOST ?? properties["docker.host"],
    DOCKER_TLS_VERIFY: process.env.DOCKER_TLS_VERIFY ?? properties["docker.tls.verify"],
    DOCKER_CERT_PATH: process.env.DOCKER_CERT_PATH ?? properties["docker.cert.path"],
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR,
  };
  return { platform: process.platform, settings, home, uid: process.getuid?.() ?? 0 };
}

/** `key = value` lines; `#` starts a comment. */
export function parseProperties(text: string): Record<string, string> {
  const lines = text.split("\n").map((line) => /^\s*([^#=\s]+)\s*=\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(lines.flatMap((hit) => (hit ? [[hit[1], hit[2]]] : [])));
}

function readCertificates(folder: string | undefined) {
  const read = (name: string) => readFileSync(resolve(folder ?? join(homedir(), ".docker"), name));
  try {
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
  } catch (cause) {
    throw new SetupError(
      `The container engine's certificates can't be read: ${(cause as Error).message}. ` +
        "Set DOCKER_CERT_PATH to the folder that holds ca.pem, cert.pem and key.pem.",
      { cause },
    );
  }
}

function reasonOf(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (name === "AbortError" || name === "TimeoutError") return `no answer in ${ANSWER_DEADLINE} ms`;
  return typeof code === "string" ? code : message;
}

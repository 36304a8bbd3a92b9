import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Where a container engine listens, ready for node:http. */
export interface Endpoint {
  /** As a user would write it, for messages: `unix:///var/run/docker.sock`. */
  address: string;
  /** `socketPath`, or `host` and `port` with the certificates of a TLS connection. */
  connect: RequestOptions & { ca?: Buffer; cert?: Buffer; key?: Buffer };
}

export interface Call {
  method?: "GET" | "POST" | "DELETE";
  query?: Record<string, string | undefined>;
  /** An archive. */
  body?: Readable | Buffer;
  signal?: AbortSignal | undefined;
}

/** The engine answered, and refused. */
export class EngineRefusal extends Error {
  override name = "EngineRefusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** One line of a long operation's progress. Only the fields that are read here. */
export interface Progress {
  status?: string;
  stream?: string;
  error?: string;
  aux?: { ID?: string };
}

/**
 * Calls the engine's HTTP API, which Docker and Podman share. Setup speaks it directly: the
 * `docker` command may be missing where there is an engine, and a client library takes longer to
 * load than these calls take.
 *
 * @throws {EngineRefusal} on a status of 400 or above; otherwise what the connection failed with.
 */
export async function call(
  endpoint: Endpoint,
  path: string,
  { method = "GET", query = {}, body, signal }: Call = {},
): Promise<IncomingMessage> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  const request = (endpoint.connect.ca ? httpsRequest : httpRequest)({
    ...endpoint.connect,
    agent: false,
    method,
    path: `${path}?${new URLSearchParams(given)}`,
    ...(body ? { headers: { "content-type": "application/x-tar" } } : {}),
    ...(signal ? { signal } : {}),
  });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.on("response", resolve).on("error", reject);
  // The engine may answer, and refuse, before it has read the whole archive.
  const sent = pipeline(
    body instanceof Readable ? body : Readable.from(body ? [body] : []),
    request,
  );
  sent.catch(reject);
  const response = await promise;
  if ((response.statusCode ?? 0) < 400) return response;
  throw new EngineRefusal(response.statusCode ?? 0, reasonOf(await textOf(response)));
}

/** The answer as JSON. */
export async function ask<T>(endpoint: Endpoint, path: string, options?: Call): Promise<T> {
  const text = await textOf(await call(endpoint, path, options));
  return (text ? JSON.parse(text) : undefined) as T;
}

/**
 * The progress of a long operation, line by line.
 *
 * @throws {EngineRefusal} when a line reports that the operation failed.
 */
export async function* progress(
  endpoint: Endpoint,
  path: string,
  options: Call,
): AsyncGenerator<Progress> {
  const response = await call(endpoint, path, { method: "POST", ...options });
  for await (const line of createInterface({ input: response })) {
    if (line.trim() === "") continue;
    const step = JSON.parse(line) as Progress;
    // The status was sent long before the failure.
    if (step.error) throw new EngineRefusal(response.statusCode ?? 0, step.error.trim());
    yield step;
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function reasonOf(text: string): string {
  try {
    return (JSON.parse(text) as { message: string }).message;
  } catch {
    return text.trim();
  }
}

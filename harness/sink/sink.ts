import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { History } from "../history/history.ts";

/** An effect request that the sink has not answered yet: its worker is mid-task. */
export interface Request {
  readonly subject: string;
  readonly task: string;
  readonly request: number;
}

interface Pending extends Request {
  response: ServerResponse;
}

/**
 * Stands for the mail or payment API that a worker calls: `POST /<subject>/<task>` is an effect.
 *
 * The gate is closed at first: every request is held, so that a worker stays mid-task until the
 * experiment wants it to go on. An effect is done, and recorded, just before it is answered.
 */
export class Sink {
  readonly #history: History;
  readonly #server: Server;
  readonly #pending = new Map<number, Pending>();
  /** How many more effects each subject may have; without an entry, `#open` decides. */
  readonly #allowance = new Map<string, number>();
  readonly #heavy = new Set<string>();
  readonly #gone = new Set<string>();
  #open = false;
  #requests = 0;

  private constructor(history: History) {
    this.#history = history;
    this.#server = createServer((request, response) => this.#receive(request, response));
    // A held request may wait for as long as the experiment likes.
    this.#server.requestTimeout = 0;
    this.#server.headersTimeout = 0;
  }

  static async start(history: History): Promise<Sink> {
    const sink = new Sink(history);
    await new Promise<void>((resolve, reject) => {
      sink.#server.once("error", reject);
      sink.#server.listen(0, "127.0.0.1", resolve);
    });
    return sink;
  }

  /** The `EFFECT_URL` of a subject that is about to start. */
  url(subject: string): string {
    this.#gone.delete(subject);
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${encodeURIComponent(subject)}`;
  }

  /** The requests that are held now, oldest first. */
  held(subject?: string): Request[] {
    const all = [...this.#pending.values()];
    return subject === undefined ? all : all.filter((request) => request.subject === subject);
  }

  /** Keeps these tasks' effects waiting until `release`, whatever the gate says. */
  holdTasks(tasks: string[]): void {
    for (const task of tasks) this.#heavy.add(task);
  }

  release(tasks: string[]): void {
    for (const task of tasks) this.#heavy.delete(task);
    this.#flush();
  }

  /** Lets this many more effects of one subject happen, then holds its next request. */
  allow(subject: string, count: number): void {
    this.#allowance.set(subject, count);
    this.#flush();
  }

  /** How many more effects a subject was allowed; undefined where the gate decides. */
  allowance(subject: string): number | undefined {
    return this.#allowance.get(subject);
  }

  /** Lets everything happen that is not held by its task. */
  open(): void {
    this.#open = true;
    this.#allowance.clear();
    this.#flush();
  }

  /** Drops what a dead subject had asked for: the effect does not happen. */
  abandon(subject: string): void {
    // What is still on its way from the dead process must not happen either.
    this.#gone.add(subject);
    for (const request of this.held(subject)) this.#drop(request.request);
  }

  async close(): Promise<void> {
    for (const id of [...this.#pending.keys()]) this.#drop(id);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const [subject, task, ...rest] = segments(request.url ?? "");
    if (request.method !== "POST" || !subject || !task || rest.length > 0) {
      response.writeHead(400).end("An effect is a POST to $EFFECT_URL/<messageId>\n");
      return;
    }
    request.resume();
    const id = ++this.#requests;
    this.#history.record({ type: "effect-requested", subject, task, request: id });
    this.#pending.set(id, { subject, task, request: id, response });
    response.on("close", () => this.#drop(id));
    if (this.#gone.has(subject)) this.#drop(id);
    this.#flush();
  }

  #flush(): void {
    for (const pending of [...this.#pending.values()]) {
      if (this.#mayHappen(pending)) this.#happen(pending);
    }
  }

  #mayHappen({ subject, task }: Pending): boolean {
    if (this.#heavy.has(task)) return false;
    const allowance = this.#allowance.get(subject);
    return allowance === undefined ? this.#open : allowance > 0;
  }

  #happen({ subject, task, request, response }: Pending): void {
    const allowance = this.#allowance.get(subject);
    if (allowance !== undefined) this.#allowance.set(subject, allowance - 1);
    this.#pending.delete(request);
    this.#history.record({ type: "effect-done", subject, task, request });
    response.writeHead(204).end();
  }

  #drop(id: number): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    const { subject, task, request, response } = pending;
    this.#history.record({ type: "effect-abandoned", subject, task, request });
    response.destroy();
  }
}

/** The parts of a path, decoded; none of a path that can't be. */
function segments(path: string): string[] {
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return []; // A "%" that begins no escape.
  }
}

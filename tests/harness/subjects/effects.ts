import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Waiting = () => void;

/**
 * Where subjects have their effects: `POST /<subject>/<task>`. The name of a task says what happens
 * to it. A `hopeless` one is answered 422, a `busy` one 503 at first, and the first call for a
 * `dropped` one gets no answer. An effect that was asked for under its key before is not done again.
 */
export class Effects {
  readonly #server: Server;
  /** The effects done, by subject, in order. */
  readonly #done = new Map<string, string[]>();
  readonly #asked = new Set<string>();
  readonly #keys = new Set<string>();
  readonly #listeners = new Set<() => void>();
  /** By subject, while its effects are held. */
  readonly #waiting = new Map<string, Waiting[]>();
  #isHolding = false;

  private constructor() {
    this.#server = createServer((request, response) => this.#receive(request, response));
  }

  static async start(): Promise<Effects> {
    const effects = new Effects();
    await new Promise<void>((resolve) => effects.#server.listen(0, "127.0.0.1", resolve));
    return effects;
  }

  url(subject: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${encodeURIComponent(subject)}`;
  }

  done(subject: string): readonly string[] {
    return this.#done.get(subject) ?? [];
  }

  /** How many calls of a subject are held now. */
  held(subject: string): number {
    return this.#waiting.get(subject)?.length ?? 0;
  }

  /** Keeps every call waiting, until `release`. */
  hold(): void {
    this.#isHolding = true;
  }

  release(): void {
    this.#isHolding = false;
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const go of all) go();
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const [subject = "", task = ""] = (request.url ?? "")
      .slice(1)
      .split("/")
      .map(decodeURIComponent);
    request.resume();
    const answer = () => this.#answer(subject, task, request, response);
    if (!this.#isHolding) {
      answer();
      return;
    }
    this.#waiting.set(subject, [...(this.#waiting.get(subject) ?? []), answer]);
    this.#changed();
  }

  #answer(subject: string, task: string, request: IncomingMessage, response: ServerResponse): void {
    const call = `${subject}/${task}`;
    const isFirst = !this.#asked.has(call);
    this.#asked.add(call);
    if (task.startsWith("hopeless")) response.writeHead(422).end();
    else if (task.startsWith("busy") && isFirst) response.writeHead(503).end();
    else if (task.startsWith("dropped") && isFirst) response.destroy();
    else this.#do(subject, task, request, response);
  }

  #do(subject: string, task: string, request: IncomingMessage, response: ServerResponse): void {
    if (!this.#keys.has(`${subject}/${request.headers["idempotency-key"]}`)) {
      this.#done.set(subject, [...this.done(subject), task]);
    }
    if (request.headers["idempotency-key"] === task) this.#keys.add(`${subject}/${task}`);
    response.writeHead(204).end();
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { History } from "../history/history.ts";
import { readRequest } from "./effect-request.ts";

/** An effect request that the sink has not answered yet: its worker is mid-task. */
export interface Request {
  readonly subject: string;
  readonly task: string;
  readonly request: number;
}

interface Pending extends Request {
  key?: string;
  response: ServerResponse;
}

/** Requests that are no effect: another method, or another path. */
export interface Strays {
  count: number;
  /** Of the last one: its method and path. */
  last?: string;
}

/** The status of what can't be done, and of a key that was given for something else. */
const UNPROCESSABLE = 422;

/** The status of what may be done later. */
const UNAVAILABLE = 503;

/**
 * Stands for the mail or payment API that a worker calls: `POST /<subject>/<task>` is an effect.
 *
 * The gate is closed at first: every request is held, so that a worker stays mid-task until the
 * experiment wants it to go on. An effect is done, and recorded, just before it is answered.
 *
 * As payment APIs do, it honours the header `Idempotency-Key`: under a key that it knows, nothing is
 * done again, whoever asks.
 */
export class Sink {
  readonly #history: History;
  readonly #server: Server;
  readonly #pending = new Map<number, Pending>();
  /** How many more effects each subject may have; without an entry, `#open` decides. */
  readonly #allowance = new Map<string, number>();
  readonly #heavy = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #poisoned = new Set<string>();
  /** Tasks whose next effect fails. */
  readonly #failing = new Set<string>();
  /** The task that was done under each key. */
  readonly #done = new Map<string, string>();
  #strays: Strays = { count: 0 };
  #open = false;
  #isClosing = false;
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

  /** Makes these tasks such that nobody can do them: their effects are refused, and never held. */
  poison(tasks: string[]): void {
    for (const task of tasks) this.#poisoned.add(task);
    this.#flush();
  }

  /** Lets these tasks' effects fail once, at once, as those of an API that is overloaded do. */
  failOnce(tasks: string[]): void {
    for (const task of tasks) this.#failing.add(task);
    this.#flush();
  }

  /** What was asked for that is no effect, so far. */
  get strays(): Readonly<Strays> {
    return this.#strays;
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
    this.#isClosing = true;
    for (const id of [...this.#pending.keys()]) this.#drop(id);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const asked = readRequest(request);
    if (!asked) {
      this.#strays = { count: this.#strays.count + 1, last: `${request.method} ${request.url}` };
      response.writeHead(400).end("An effect is a POST to $EFFECT_URL/<messageId>\n");
      return;
    }
    request.resume();
    const id = ++this.#requests;
    const { subject, task } = asked;
    this.#history.record({ type: "effect-requested", subject, task, request: id });
    this.#pending.set(id, { ...asked, request: id, response });
    response.on("close", () => {
      this.#drop(id);
      this.#flush(); // Another may have waited for its outcome.
    });
    if (this.#gone.has(subject)) this.#drop(id);
    this.#flush();
  }

  #flush(): void {
    if (this.#isClosing) return;
    for (const pending of [...this.#pending.values()]) this.#consider(pending);
  }

  #consider(pending: Pending): void {
    if (this.#isImpossible(pending)) this.#refuse(pending, UNPROCESSABLE, "can't be done");
    else if (this.#failing.delete(pending.task)) this.#refuse(pending, UNAVAILABLE, "failed");
    else if (this.#isDone(pending)) this.#repeat(pending);
    else if (this.#mayHappen(pending)) this.#happen(pending);
  }

  #isDone({ key }: Pending): boolean {
    return key !== undefined && this.#done.has(key);
  }

  /** Its task is poisoned, or another one was done under its key. */
  #isImpossible({ task, key }: Pending): boolean {
    if (this.#poisoned.has(task)) return true;
    return key !== undefined && this.#done.has(key) && this.#done.get(key) !== task;
  }

  #mayHappen(pending: Pending): boolean {
    const { subject, task } = pending;
    if (this.#heavy.has(task) || this.#isAwaited(pending)) return false;
    const allowance = this.#allowance.get(subject);
    return allowance === undefined ? this.#open : allowance > 0;
  }

  /** An earlier request with its key is still held: what becomes of that is its answer, too. */
  #isAwaited({ key, request }: Pending): boolean {
    if (key === undefined) return false;
    const [first] = [...this.#pending.values()].filter((other) => other.key === key);
    return first?.request !== request;
  }

  #happen({ subject, task, request, response, key }: Pending): void {
    const allowance = this.#allowance.get(subject);
    if (allowance !== undefined) this.#allowance.set(subject, allowance - 1);
    this.#pending.delete(request);
    if (key !== undefined) this.#done.set(key, task);
    this.#history.record({ type: "effect-done", subject, task, request });
    response.writeHead(204).end();
  }

  #repeat({ subject, task, request, response }: Pending): void {
    this.#pending.delete(request);
    this.#history.record({ type: "effect-repeated", subject, task, request });
    response.writeHead(204).end();
  }

  #refuse({ subject, task, request, response }: Pending, status: number, how: string): void {
    this.#pending.delete(request);
    this.#history.record({ type: "effect-refused", subject, task, request, status });
    response.writeHead(status).end(`${task} ${how}\n`);
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

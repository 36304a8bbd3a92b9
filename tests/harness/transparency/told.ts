import { type Source, until } from "../../../harness/until.ts";
import { plain } from "./plain.ts";

/** Milliseconds. Everything here takes a fraction of it. */
const DEADLINE = 10_000;

/** What a client tells of its own accord (errors, returns, ends), in its order. */
export class Told implements Source {
  readonly lines: unknown[][] = [];
  readonly #listeners = new Set<() => void>();

  note(what: string, ...details: unknown[]): void {
    this.lines.push([what, ...details.filter((each) => each !== undefined).map(plain)]);
    for (const listener of this.#listeners) listener();
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** Resolves once the client has told this so many times. */
  async heard(what: string, times = 1): Promise<void> {
    const count = () => this.lines.filter(([said]) => said === what).length;
    await until(`${times} × "${what}"`, this, () => count() >= times, {
      deadline: DEADLINE,
      lastSeen: () => JSON.stringify(this.lines),
    });
  }
}

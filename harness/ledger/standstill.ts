import type { Reader, Readings } from "./reading.ts";

/** The connections in which the link makes something stand still, and with it all that is behind. */
export class Standstill implements Reader {
  readonly #connections = new Map<number, number>();
  readonly #onChange: (connection: number) => void;

  constructor(onChange: (connection: number) => void = () => {}) {
    this.#onChange = onChange;
  }

  readonly reads: Readings = {
    held: ({ connection }) => {
      this.#connections.set(connection, this.#holdsIn(connection) + 1);
      this.#onChange(connection);
    },
    "hold-ended": ({ connection }) => {
      const left = this.#holdsIn(connection) - 1;
      if (left > 0) this.#connections.set(connection, left);
      else this.#connections.delete(connection);
      this.#onChange(connection);
    },
  };

  includes(connection: number): boolean {
    return this.#connections.size > 0 && this.#connections.has(connection);
  }

  #holdsIn(connection: number): number {
    return this.#connections.get(connection) ?? 0;
  }
}

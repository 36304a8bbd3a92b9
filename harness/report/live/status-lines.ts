import { columnsOf, cut } from "./cut.ts";

/** A terminal, as far as it is drawn on. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
}

const ESCAPE = "\x1B[";
const ERASE_BELOW = `${ESCAPE}J`;
const ERASE_REST = `${ESCAPE}K`;

/** Rows that are left to what is said, however low the terminal is. */
const LEFT_FREE = 2;

/**
 * A few lines at the bottom of a terminal that are drawn over and over. What is said meanwhile comes
 * to stand above them. The cursor is always at the beginning of the row below: wherever a program
 * ends, and however, the next one begins on a row of its own.
 *
 * Each change is a single write, and what is drawn is overwritten before the rest is erased, so
 * that nothing flickers.
 */
export class StatusLines {
  readonly #terminal: Terminal;
  readonly #paint: (line: string, index: number) => string;
  /** As they stand there, without colours. */
  #drawn: string[] = [];

  constructor(terminal: Terminal, paint: (line: string, index: number) => string = (line) => line) {
    this.#terminal = terminal;
    this.#paint = paint;
  }

  draw(lines: readonly string[]): void {
    const fitting = this.#fitting(lines);
    if (fitting.length === this.#drawn.length && this.#isDrawn(fitting)) return;
    this.#terminal.write(this.#upwards + this.#rendered(fitting) + ERASE_BELOW);
    this.#drawn = fitting;
  }

  /** Writes a text that is whole lines, and draws below it. */
  above(text: string, lines: readonly string[]): void {
    const fitting = this.#fitting(lines);
    const erased = this.#drawn.length === 0 ? "" : this.#upwards + ERASE_BELOW;
    this.#terminal.write(erased + text + this.#rendered(fitting));
    this.#drawn = fitting;
  }

  clear(): void {
    if (this.#drawn.length > 0) this.#terminal.write(this.#upwards + ERASE_BELOW);
    this.#drawn = [];
  }

  #isDrawn(lines: readonly string[]): boolean {
    return lines.every((line, index) => line === this.#drawn[index]);
  }

  /** Back to the first row of what is drawn. A terminal that was made narrower has wrapped it. */
  get #upwards(): string {
    const rows = this.#drawn.reduce((sum, line) => sum + this.#rowsOf(line), 0);
    return rows === 0 ? "" : `\r${ESCAPE}${rows}A`;
  }

  #rowsOf(line: string): number {
    return Math.max(1, Math.ceil(columnsOf(line) / this.#terminal.columns));
  }

  /** The last column stays free: some terminals go on to the next row there, and some don't. */
  #fitting(lines: readonly string[]): string[] {
    const { columns, rows } = this.#terminal;
    return lines.slice(0, Math.max(1, rows - LEFT_FREE)).map((line) => cut(line, columns - 1));
  }

  #rendered(lines: readonly string[]): string {
    return lines.map((line, index) => `${this.#paint(line, index)}${ERASE_REST}\n`).join("");
  }
}

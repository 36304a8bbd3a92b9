import { stripVTControlCharacters, styleText } from "node:util";

/** Where a report is written to: how wide it is, and what it can show. */
export interface Paper {
  /** Columns; infinite where lines are not to be broken. */
  columns: number;
  paint(style: Style, text: string): string;
}

export type Style = "bold" | "dim" | "green" | "red" | "yellow" | "magenta";

/** Tables are set for a page of this width where there is no terminal. */
export const PAGE = 100;
/** Wider lines are hard to read. */
const WIDEST = 140;

/** Lines as they are, without colours. */
export const PLAIN: Paper = { columns: Number.POSITIVE_INFINITY, paint: (_style, text) => text };

/** Colours only where someone sees them: on a terminal, and not against the wish of NO_COLOR. */
export function paperOf(stream: NodeJS.WriteStream): Paper {
  return {
    get columns() {
      return stream.isTTY ? stream.columns || PAGE : Number.POSITIVE_INFINITY; // It may change.
    },
    paint: (style, text) => styleText(style, text, { stream }),
  };
}

/** How wide a table may be. */
export function pageWidth({ columns }: Paper): number {
  return Number.isFinite(columns) ? Math.min(columns, WIDEST) : PAGE;
}

/**
 * Breaks a text between words, but not between a number and what it counts. A word that is longer
 * than a line stands out.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<!(?:^| )[\d.]+) /)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/** The same of a line with a margin, which all of its lines have then. */
export function wrapWithMargin(text: string, width: number): string[] {
  const words = text.trimStart();
  const margin = text.length - words.length;
  return wrap(words, width - margin).map((line) => " ".repeat(margin) + line);
}

/** Columns that a text takes, without its colours. */
export function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** A text and the lines under it, each as far in. */
export function indent(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(by));
}

/** `0.4 s`, `12.3 s`, from milliseconds. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

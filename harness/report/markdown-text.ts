import { shown } from "./audit-shown.ts";

/** Pieces of Markdown for GitHub, in which text by others is text, whatever it looks like. */

/** Empty lines around what is folded: without them it would be read as HTML. */
export function folded(summary: string, content: string[]): string[] {
  return [`<details><summary>${summary}</summary>`, "", ...content, "", "</details>"];
}

export function row(...cells: string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/**
 * Text on one line, with everything that could mark it as something else as an entity: an entity
 * never begins emphasis, code, a link, a tag, a formula or another cell.
 */
export function text(raw: string): string {
  return entities(shown(raw), /[&<>|`*_~[\]\\#$!]/g).replace(/(?<=\w)&#95;(?=\w)/g, "_");
}

/** Lines of its own stay lines. */
export function item(raw: string): string {
  return `- ${raw.split("\n").map(text).join("<br>")}`;
}

export function code(raw: string): string {
  return `<code>${text(raw)}</code>`;
}

/** The same within `<pre>`. */
export function html(raw: string): string {
  return entities(shown(raw), /[&<>]/g);
}

function entities(raw: string, marks: RegExp): string {
  return raw.replace(marks, (mark) => `&#${mark.charCodeAt(0)};`);
}

import { shown } from "./audit-shown.ts";

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

export interface Element {
  name: string;
  attributes: Readonly<Record<string, string | number>>;
  /** Elements, or lines of text. */
  content?: readonly Element[] | readonly string[];
}

/** A document of XML 1.0. Any text is legal in it: what XML has no place for is shown escaped. */
export function xmlDocument(root: Element): string {
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...linesOf(root, ""), ""].join("\n");
}

function linesOf({ name, attributes, content = [] }: Element, margin: string): string[] {
  const set = Object.entries(attributes).map(([key, value]) => ` ${key}="${legal(`${value}`)}"`);
  const start = `${margin}<${name}${set.join("")}`;
  if (content.length === 0) return [`${start}/>`];
  if (content.every((part) => typeof part === "string")) {
    return [`${start}>${content.map(legal).join("\n")}</${name}>`];
  }
  const inner = content.flatMap((part) =>
    typeof part === "string" ? [] : linesOf(part, `${margin}  `),
  );
  return [`${start}>`, ...inner, `${margin}</${name}>`];
}

function legal(text: string): string {
  return shown(text).replace(/[&<>"']/g, (found) => ENTITIES[found] ?? found);
}

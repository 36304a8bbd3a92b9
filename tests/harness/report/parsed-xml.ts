import { SaxesParser } from "saxes";

export interface Seen {
  name: string;
  attributes: Record<string, string>;
  text: string;
}

/** The elements of a document, in order, as a strict parser of XML 1.0 reads them. */
export function parsed(xml: string): Seen[] {
  const parser = new SaxesParser();
  const seen: Seen[] = [];
  const open: Seen[] = [];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: "" };
    seen.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.write(xml).close();
  return seen;
}

/** Each test case with how it ended. */
export function endings(xml: string): string[] {
  const all = parsed(xml);
  const cases = all.flatMap(({ name }, at) => (name === "testcase" ? [at] : []));
  return cases.map((from, index) => {
    const inside = all.slice(from + 1, cases[index + 1]).map(({ name }) => name);
    const ended = inside.find((name) => ["failure", "error", "skipped"].includes(name));
    return `${all[from]?.attributes.name}: ${ended ?? "passed"}`;
  });
}

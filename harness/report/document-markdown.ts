/** Text as it is, in Markdown. What stands in backticks is code, and stays so. */
export function escaped(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : withoutMarks(part)))
    .join("")
    .replace(/\s*\n\s*/g, " ")
    .replace(/^[#+=-]/, "\\$&"); // What begins a heading or a list.
}

/** Underscores within words mark nothing; a bracket, a tag or a star always might. */
function withoutMarks(text: string): string {
  return text.replace(/[\\*<>[\]~|]|(?<!\w)_|_(?!\w)/g, "\\$&");
}

export function link(text: string, target: string): string {
  return `[${escaped(text)}](${target})`;
}

/** The anchor that GitHub gives to a heading. */
export function anchorOf(heading: string): string {
  const kept = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "");
  return `#${kept.trim().replace(/\s/g, "-")}`;
}

/** `a, b and c`. */
export function listInWords(items: Iterable<string>): string {
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(items);
}

const SMALL_NUMBERS = [
  ...["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
  ...["eleven", "twelve", "thirteen", "fourteen", "fifteen"],
];

export function countInWords(count: number): string {
  return SMALL_NUMBERS[count] ?? String(count);
}

/** `1 limit`, `2 limits`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** An empty line between blocks. */
export function blocks(...all: readonly (readonly string[])[]): string[] {
  return all.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

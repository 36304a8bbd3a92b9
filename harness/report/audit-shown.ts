/**
 * What could change how a page looks or reads without being seen itself: control characters,
 * escape sequences, marks that turn the direction of writing, characters of no width, other line
 * breaks, halves of a surrogate pair, and what XML forbids.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|\p{Cs}|[\u{e0000}-\u{e007f}]/gu;

/**
 * A text by others (an id, a broker's answer, a command) on one line, so that all of it is seen:
 * `\x1b[2J` instead of an empty screen. A backslash stays as it is: this is for eyes, and isn't
 * read back.
 */
export function shown(text: string): string {
  return text.replace(UNSEEN, escapeOf);
}

/**
 * The same of a text that may have lines of its own, such as what a command has printed. Whoever sets
 * them hangs all but the first, so that none of them passes for a line of the report's.
 */
export function shownLines(text: string): [string, ...string[]] {
  const [first = "", ...rest] = text.split("\n").map(shown);
  return [first, ...rest];
}

/** What was printed is evidence: the first line says what happened. */
export function shownFirst(text: string): string {
  return shownLines(text)[0];
}

/** Makes serialized JSON harmless to look at. It means the same: such characters are in strings. */
export function shownJson(json: string): string {
  return json.replace(UNSEEN, (found) => (found === "\n" ? found : unitsOf(found)));
}

const NAMED: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeOf(found: string): string {
  const code = found.charCodeAt(0);
  return NAMED[found] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : unitsOf(found));
}

function unitsOf(found: string): string {
  return Array.from({ length: found.length }, (_, at) => `\\u${hex(found.charCodeAt(at), 4)}`).join(
    "",
  );
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

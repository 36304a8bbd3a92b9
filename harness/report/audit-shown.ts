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

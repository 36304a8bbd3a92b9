import { shown } from "../../audit-shown.ts";

/** Characters of one text, at most: more is said to be there, and not shown. */
const LONGEST = 2_000;
/** Characters beyond those that are looked through, so that no secret is cut in two and missed. */
const MARGIN = 8_000;

/** Lines of one text, at most. */
const MOST_LINES = 100;

/** `amqp://me:secret@host`, up to the last `@` before a space. */
const IN_URL = /(\b[a-z][\w+.-]*:\/\/[^\s:/@]*):[^\s"'<>]*@/gi;
/** `password=secret`, `"token": "secret"`, `Authorization: Basic c2VjcmV0`. */
const NAMED =
  /(\b[\w-]*(?:password|passwd|passphrase|secret|token|api[_-]?key)["']?\s*[:=]\s*|--[\w-]*(?:password|secret|token)\s+)("[^"]*"|'[^']*'|[^\s"',;&]+)/gi;
/** An argument whose value is the next one. */
const FLAG = /^--?[\w-]*(?:password|passwd|secret|token)$/i;
const HEADER = /(\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer)?\s*)[^\s"',;]+/gi;

/**
 * A text by others as it may stand in a report: no passwords, nothing that isn't seen, no more than
 * eyes can read. Every text of the page goes through here, once.
 */
export function clean(text: string): string {
  const open = withoutSecrets(text.slice(0, LONGEST + MARGIN));
  const left = text.length - LONGEST;
  if (left <= 0) return shown(open);
  return `${shown(open.slice(0, LONGEST))}… (${left.toLocaleString("en-US")} more characters)`;
}

/** Keys of texts that may have lines of their own, such as what a command has printed. */
const OF_LINES = new Set(["reasons", "missing"]);

/** A value with every text in it made clean, at every depth. */
export function cleaned<T>(value: T, hasLines = false): T {
  if (typeof value === "string") return (hasLines ? cleanLines(value) : clean(value)) as T;
  if (Array.isArray(value)) {
    const isSecret = (at: number) => typeof value[at - 1] === "string" && FLAG.test(value[at - 1]);
    return value.map((part, at) => (isSecret(at) ? "***" : cleaned(part, hasLines))) as T;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, part]) => [clean(key), cleaned(part, OF_LINES.has(key))]),
  ) as T;
}

function cleanLines(text: string): string {
  return text.split("\n").slice(0, MOST_LINES).map(clean).join("\n");
}

function withoutSecrets(text: string): string {
  return text.replace(IN_URL, "$1:***@").replace(HEADER, "$1***").replace(NAMED, "$1***");
}

import { answerLines } from "./document-answers.ts";
import { anchorOf, blocks, escaped, link, listInWords } from "./document-markdown.ts";
import { type PromiseResults, QUEUE_TYPES } from "./families.ts";
import type { SpecResult } from "./result.ts";

/** The document stands in this folder, and its links begin there. */
const HOME = "tests/";

/** A promise, what was found, and where it is proven and promised. */
export function promiseSection(promise: PromiseResults, level: number): string[] {
  return blocks(
    [`${"#".repeat(level)} ${escaped(headingOf(promise))}`],
    answerLines(promise.found),
    [sourceLine(promise)],
  );
}

/** An entry of a numbered list: the promise, linked to its section, and what was found. */
export function rankedEntry(promise: PromiseResults, position: number): string[] {
  const number = `${position}. `;
  return [
    number + link(promise.promise, anchorOf(headingOf(promise))),
    "",
    ...answerLines(promise.found).map((line) => " ".repeat(number.length) + line),
  ];
}

/** Guarantees need no word for what they are. */
export function headingOf({ kind, promise }: PromiseResults): string {
  return kind === "guarantee" ? promise : `${capitalised(kind)}: ${promise}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sourceLine({ kind, found }: PromiseResults): string {
  const [spec] = found;
  if (spec === undefined) return "";
  const types = QUEUE_TYPES.filter((type) => found.some(({ queueType }) => queueType === type));
  const what = `*${capitalised(kind)} for ${listInWords(types)} queues*`;
  return [what, `proven in ${specLink(spec)}`, source(spec)].join(" · ");
}

function specLink({ file, line }: SpecResult): string {
  const path = file.startsWith(HOME) ? file.slice(HOME.length) : `../${file}`;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return link(`${name}, line ${line}`, `${path}#L${line}`);
}

/** A page is known by the end of its address: `docs/confirms#automatic-requeueing`. */
function source({ kind, docs }: SpecResult): string {
  if (docs === "observed") return "observed only";
  const { host, pathname, hash } = new URL(docs);
  const page = host === "www.rabbitmq.com" ? pathname.slice(1) : `${host}${pathname}`;
  const relation = kind === "finding" ? "contrary to" : "documented in";
  return `${relation} ${link(`${page}${hash}`, docs)}`;
}

import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { SerializedError } from "vitest";
import { paintOutcome } from "./outcome.ts";
import type { SpecResult } from "./result.ts";
import { indent, type Paper, PLAIN } from "./text.ts";

/** A test that did not pass, or an error that belongs to none. */
export interface Failure {
  /** What failed, in words: its file and name. */
  title: string;
  /** Undefined for what is no spec. */
  spec: SpecResult | undefined;
  errors: readonly SerializedError[];
}

/** Errors that say all there is to say: where they were thrown in the harness explains nothing. */
const EXPLAINED = new Set(["AssertionError", "Inconclusive", "SetupError", "MissedDeadline"]);
const FRAMES = 6;
const CONTEXT = 2;

/** A failure in full. */
export function failureText({ title, spec, errors }: Failure, paper: Paper): string {
  const told = errors.map((error) => errorText(error, spec !== undefined, paper));
  // A spec's error begins with its verdict and its title.
  const head = spec ? [] : [paintOutcome("broken", `FAILED: ${title}`, paper)];
  return [...head, ...told].join("\n");
}

/** The same for a file: without colours, also of those who colour their own messages. */
export function plainFailure(failure: Failure): string {
  return stripVTControlCharacters(failureText(failure, PLAIN));
}

function errorText(error: SerializedError, isSpec: boolean, paper: Paper): string {
  const explained = EXPLAINED.has(error.name ?? "");
  const name = explained || !error.name ? "" : `${error.name}: `;
  const [first = "", ...rest] = error.message.split("\n");
  const message = isSpec
    ? [paintOutcome(outcomeIn(first), first, paper), ...rest]
    : [`${name}${first}`, ...rest];
  const diff = typeof error.diff === "string" ? [indent(colored(error.diff, paper), 2)] : [];
  // A plain test has no words for itself: the line that failed is its sentence.
  const place = explained && isSpec ? [] : placeOf(error, explained, paper);
  const why = isSpec && name ? [`${error.name}, thrown at:`] : [];
  const cause = error.cause?.message && !explained ? [`caused by: ${error.cause.message}`] : [];
  return [...message, ...cause, ...diff, ...why, ...place].join("\n");
}

function outcomeIn(firstLine: string): SpecResult["outcome"] {
  const word = /^[A-Z]+(?=:)/.exec(firstLine)?.[0].toLowerCase();
  return word === "inconclusive" || word === "setup" ? word : "broken";
}

function colored(diff: string, paper: Paper): string {
  return stripVTControlCharacters(diff)
    .split("\n")
    .map((line) => {
      if (line.startsWith("-")) return paper.paint("green", line);
      return line.startsWith("+") ? paper.paint("red", line) : paper.paint("dim", line);
    })
    .join("\n");
}

type Frame = NonNullable<SerializedError["stacks"]>[number];

function placeOf({ stacks = [] }: SerializedError, firstOnly: boolean, paper: Paper): string[] {
  const [first] = stacks;
  if (!first) return [];
  const frames = firstOnly ? [first] : stacks.slice(0, FRAMES);
  return [
    ...frames.map(({ file, line, column, method }) => {
      const where = `${relative(process.cwd(), file)}:${line}:${column}`;
      return paper.paint("dim", `  at ${method ? `${method} (${where})` : where}`);
    }),
    ...codeFrame(first),
  ];
}

/** The line that threw, with those around it. */
function codeFrame({ file, line }: Frame): string[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    const from = Math.max(0, line - 1 - CONTEXT);
    return lines.slice(from, line + CONTEXT).map((text, index) => {
      const number = from + index + 1;
      return `  ${number === line ? ">" : " "} ${String(number).padStart(4)} | ${text}`;
    });
  } catch {
    return []; // Not a file of ours: the frame has to do.
  }
}

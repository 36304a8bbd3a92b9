import { randomUUID } from "node:crypto";
import { appendFileSync, statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { type Annotation, annotationCommands } from "../report/annotation.ts";
import { SUMMARY_LIMIT } from "../report/markdown-fit.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The token that makes a step take workflow commands again, where whoever called us stopped that. */
const STOPPED = "ACKPROOF_STOPPED_COMMANDS";
/** Bytes of a step's summary that are left to whoever comes next. */
const MARGIN = 4_096;

/** What is to be told, in GitHub's ways. */
export interface ForActions {
  annotations: readonly Annotation[];
  /** @param room bytes that it may take. */
  markdown(room: number): string;
}

/**
 * In a step of one of GitHub's workflows, makes what was found the job's summary, and annotations.
 * The result is what it is, even where that can't be done.
 */
export function tellActions(
  { annotations, markdown }: ForActions,
  say: (line: string) => void,
  environment: Environment = process.env,
): void {
  if (environment.GITHUB_ACTIONS !== "true") return;
  const places = annotations.map((annotation) => fromWorkspace(annotation, environment));
  for (const line of taken(annotationCommands(places), environment[STOPPED])) say(line);
  const { GITHUB_STEP_SUMMARY: file } = environment;
  const unwritten = file ? summarize(file, markdown) : undefined;
  if (unwritten !== undefined) say(`The job has no summary of this: ${unwritten}`);
}

/**
 * Says what may look like a workflow command, such as an id or what a program has printed, so that
 * GitHub takes none of it for one.
 */
export function sayUntaken(
  lines: readonly string[],
  say: (line: string) => void,
  environment: Environment = process.env,
): void {
  const isTaken = environment.GITHUB_ACTIONS === "true" && !environment[STOPPED];
  const token = randomUUID();
  if (isTaken && lines.length > 0) say(`::stop-commands::${token}`);
  for (const line of lines) say(line);
  if (isTaken && lines.length > 0) say(`::${token}::`);
}

/** @returns why it could not be done. */
function summarize(file: string, markdown: ForActions["markdown"]): string | undefined {
  try {
    const said = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const room = SUMMARY_LIMIT - MARGIN - said;
    if (room < MARGIN) return "what came before it has filled it.";
    appendFileSync(file, `${markdown(room)}\n`);
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}

/** Commands between those that make them be taken. */
function taken(commands: string[], token: string | undefined): string[] {
  if (!token || commands.length === 0) return commands;
  return [`::${token}::`, ...commands, `::stop-commands::${token}`];
}

/** Its file from the root of the repository, which need not be the working directory. */
function fromWorkspace(annotation: Annotation, { GITHUB_WORKSPACE }: Environment): Annotation {
  const { file } = annotation;
  if (file === undefined || !GITHUB_WORKSPACE) return annotation;
  const path = relative(GITHUB_WORKSPACE, resolve(file));
  return path.startsWith("..") ? annotation : { ...annotation, file: path.split(sep).join("/") };
}

import { readFileSync } from "node:fs";
import { relative, resolve as resolvePath } from "node:path";
import * as v from "valibot";
import { commandLine } from "../../command-line.ts";
import type { AuditOptions } from "../options.ts";
import { conflictsIn } from "./conflicts.ts";
import { type Given, isRecord, type Raw, rawOf, type Source, strangers } from "./given.ts";
import { quoted, refuse, suggestion } from "./problems.ts";
import { isPayload } from "./schemas.ts";
import type { AnySetting, Key, Values } from "./setting.ts";
import { KEYS, settingOf } from "./settings.ts";

/** An audit's settings, complete and checked, and where each is from. */
export interface Resolved {
  options: AuditOptions;
  sources: Record<Key, Source>;
  /** The config that was read, as it is said to people. */
  config: string | undefined;
}

/**
 * Takes each setting from the first place that says it: flags, the environment, the config, the
 * defaults; and checks it.
 *
 * @param problems with the flags, found before.
 * @throws {SetupError} that says everything that can't be used, at once.
 */
export function resolve(given: Given, problems: readonly string[] = []): Resolved {
  const found = [...problems, ...strangers(given)];
  const values: Partial<Record<Key, unknown>> = {};
  const sources: Partial<Record<Key, Source>> = {};
  for (const key of KEYS) {
    const raw = rawOf(key, given);
    const setting = settingOf(key);
    sources[key] = raw ? sourceOf(raw) : { from: "default", place: "default" };
    const checked = raw ? checkedValue(key, raw, setting, given.cwd) : { value: setting.fallback };
    if ("problem" in checked) found.push(checked.problem);
    else values[key] = checked.value;
  }
  found.push(...conflictsIn(values as Partial<Values>));
  const { command } = values as Partial<Values>;
  if (command?.length === 0) found.push(noCommand(given.config?.name));
  refuse(found);
  return {
    options: values as unknown as AuditOptions,
    sources: sources as Record<Key, Source>,
    config: given.config?.name,
  };
}

type Checked = { value: unknown } | { problem: string };

function sourceOf({ from, place, texts }: Raw): Source {
  return { from, place, ...(texts ? { texts } : {}) };
}

function checkedValue(key: Key, raw: Raw, setting: AnySetting, cwd: string): Checked {
  const result = v.safeParse(setting.schema, raw.value);
  if (!result.success) return { problem: problemOf(key, raw, setting, result.issues[0]) };
  return setting.path
    ? read(key, raw, setting, result.output as string, cwd)
    : { value: result.output };
}

function problemOf(key: Key, raw: Raw, setting: AnySetting, issue: v.BaseIssue<unknown>): string {
  const inner = v.getDotPath(issue);
  const place = placeOf(key, raw, inner);
  const isMade = isRecord(raw.value) && raw.texts !== undefined;
  const value = isMade ? raw.texts?.at(-1) : inner === null ? raw.value : issue.input;
  // What a variable holds may be a secret.
  const not = key === "env" ? "" : `, not ${quoted(value)}`;
  const why = issue.type === "check" ? `: ${issue.message}` : "";
  return `${place} is ${setting.allowed}${not}${why}.${suggestion(value, setting.choices ?? [])}`;
}

/** `--tasks`, `ACKPROOF_TASKS`, `allow.1 in ackproof.config.ts`. */
function placeOf(key: Key, { from, place }: Raw, inner: string | null = null): string {
  if (from !== "config") return place;
  return `${inner === null ? key : `${key}.${inner}`} in ${place}`;
}

/** A path leads from where it was said; what is read now must be there. */
function read(key: Key, raw: Raw, { path }: AnySetting, text: string, cwd: string): Checked {
  if (path === "after @" && !text.startsWith("@")) return { value: text };
  const named = path === "after @" ? text.slice(1) : text;
  const absolute = resolvePath(raw.folder, named);
  const value = raw.folder === cwd ? named : relative(cwd, absolute) || ".";
  if (key === "json" || key === "junit" || key === "markdown") return { value };
  try {
    const content = readFileSync(absolute, "utf8");
    if (path === "whole") return { value };
    if (isPayload(content)) return { value: content };
    return { problem: `${placeOf(key, raw)} names ${named}, which is larger than 1 MiB.` };
  } catch (cause) {
    const { message } = cause as Error;
    return { problem: `${placeOf(key, raw)} names a file that can't be read: ${message}.` };
  }
}

function noCommand(config: string | undefined): string {
  const where = config === undefined ? "" : `, or as \`command\` in ${config}`;
  return `Give the command of the worker: \`${commandLine("audit", "-- <command>")}\`${where}.`;
}

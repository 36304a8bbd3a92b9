import type { ConfigFile } from "./load.ts";
import { nearest } from "./problems.ts";
import { type Environment, flagOf, type Key, PREFIX, variableOf } from "./setting.ts";
import { KEYS, settingOf } from "./settings.ts";

/** What was said, in all places. */
export interface Given {
  /** The texts of each flag. A switch is "true" or "false". */
  flags: Partial<Record<Key, readonly string[]>>;
  /** The words after `--`. */
  command: readonly string[];
  environment: Environment;
  config: ConfigFile | undefined;
  /** Working directory. */
  cwd: string;
}

/** Where a value is from. */
export interface Source {
  from: "flag" | "environment" | "config" | "default";
  /** As it is said to people: `--tasks`, `ACKPROOF_TASKS`, `ackproof.config.ts`. */
  place: string;
  /** What a flag or a variable says, as it was typed. */
  texts?: readonly string[];
}

/** A value before it is checked. */
export interface Raw extends Source {
  value: unknown;
  /** The folder that a path in it leads from. */
  folder: string;
}

/** The value of a setting from the first place that says one. */
export function rawOf(key: Key, given: Given): Raw | undefined {
  return fromCommandLine(key, given) ?? fromEnvironment(key, given) ?? fromConfig(key, given);
}

function fromCommandLine(key: Key, given: Given): Raw | undefined {
  const { flags, command, environment, cwd } = given;
  if (key === "command") {
    if (command.length === 0) return undefined;
    return { from: "flag", place: "the command line", value: command, folder: cwd };
  }
  const texts = flags[key];
  if (texts === undefined) return undefined;
  const value = parsed(key, texts, environment);
  const raw: Raw = { from: "flag", place: flagOf(key), texts, value, folder: cwd };
  const below = key === "env" ? fromConfig(key, given)?.value : undefined;
  // Variables for the worker add up; what is no record is refused as it is.
  return isRecord(below) && isRecord(value) ? { ...raw, value: { ...below, ...value } } : raw;
}

function fromEnvironment(key: Key, { environment, cwd }: Given): Raw | undefined {
  const { variable, alsoVariable } = settingOf(key);
  if (variable === false) return undefined;
  // An empty variable is how many a CI says nothing.
  const place = [variableOf(key), alsoVariable ?? ""].find((name) => environment[name]);
  if (place === undefined) return undefined;
  const texts = [environment[place] as string];
  const value = parsed(key, texts, environment);
  return { from: "environment", place, texts, value, folder: cwd };
}

function fromConfig(key: Key, { config }: Given): Raw | undefined {
  const content = config?.content;
  if (config === undefined || !isRecord(content) || !Object.hasOwn(content, key)) return undefined;
  const value = content[key];
  if (value === undefined) return undefined;
  return { from: "config", place: config.name, value, folder: config.folder };
}

function parsed(key: Key, texts: readonly string[], environment: Environment): unknown {
  const { fromText, fromTexts } = settingOf(key);
  if (fromTexts) return fromTexts(texts, environment);
  const last = texts.at(-1) ?? "";
  return fromText ? fromText(last) : last;
}

/** Keys of a config, and variables, that are no settings. */
export function strangers({ config, environment }: Given): string[] {
  return [...unknownKeys(config), ...unknownVariables(environment)];
}

function unknownKeys(config: ConfigFile | undefined): string[] {
  if (config === undefined) return [];
  const { name, content } = config;
  if (!isRecord(content)) return [`${name} exports no object of settings.`];
  return Object.keys(content)
    .filter((key) => !KEYS.some((known) => known === key))
    .map((key) => {
      const near = nearest(key, KEYS);
      return `${key} in ${name} is no setting${near ? `: did you mean ${near}?` : "."}`;
    });
}

/** Only those that look like a slip: other parts of ours, and others, use the prefix as well. */
function unknownVariables(environment: Environment): string[] {
  const known = KEYS.filter((key) => settingOf(key).variable !== false).map(variableOf);
  const ends = known.map((name) => name.slice(PREFIX.length));
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .flatMap((name) => {
      const near = nearest(name.slice(PREFIX.length), ends);
      return near === undefined ? [] : [`${name} is no setting: did you mean ${PREFIX}${near}?`];
    });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

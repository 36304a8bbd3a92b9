import type { GenericSchema } from "valibot";
import type { AuditOptions } from "../options.ts";
import type { AuditConfig } from "./audit-config.ts";

export type Key = keyof AuditOptions;

/** What is known once each value is checked by itself: there may be no command yet. */
export type Values = Omit<AuditOptions, "command"> & { command: string[] };

/** The headings of the help, in its order. */
export const GROUPS = [
  "The worker",
  "The broker and its queue",
  "The tasks",
  "The trials",
  "What is accepted",
  "The report",
] as const;

/** All that is known of a setting: its flag, its variable, its help and its check come from here. */
export interface Setting<Input, Output> {
  group: (typeof GROUPS)[number];
  /** What its flag is followed by, in the help; nothing follows a switch. */
  argument?: string;
  help: string;
  /** The same of the config's way to say it, where that is another. */
  comment?: string;
  /** What a value may be: `--tasks is ...`. */
  allowed: string;
  fallback: Output;
  /** Its value in the config that `init` writes, as source; the fallback's where absent. */
  example?: string;
  /** From what a config says to what an audit takes. */
  schema: GenericSchema<Input, Output>;
  /** From what a flag or a variable says to what a config would. The text itself, where absent. */
  fromText?(text: string): unknown;
  /** Of a flag that may be given several times: the same from all of its texts. */
  fromTexts?(texts: readonly string[], environment: Environment): unknown;
  /** A value for people; without a password. */
  show(value: Output): string;
  /** The words it may be, for a near miss. */
  choices?: readonly string[];
  /** A path, or a text that `@` makes one. It leads from where it was said. */
  path?: "whole" | "after @";
  /** False where no flag says it, or no variable. */
  flag?: false;
  variable?: false;
  /** Variables that say it too. */
  alsoVariable?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type Settings = {
  readonly [K in Key]: Setting<Exclude<AuditConfig[K], undefined>, Values[K]>;
};

/** A setting of whatever type, for what is done with all of them. */
export type AnySetting = Setting<unknown, unknown>;

/** `--queue-type` of `queueType`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What the names of our variables begin with. */
export const PREFIX = "ACKPROOF_";

/** `ACKPROOF_QUEUE_TYPE` of `queueType`. */
export function variableOf(key: string): string {
  return `${PREFIX}${key.replaceAll(/[A-Z]/g, "_$&").toUpperCase()}`;
}

/** `--no-quick` of `quick`. */
export function noFlagOf(key: string): string {
  return flagOf(key).replace("--", "--no-");
}

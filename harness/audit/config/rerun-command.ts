import { commandLine, IS_PACKAGE } from "../../command-line.ts";
import type { Source } from "./given.ts";
import { isFoundByItself } from "./load.ts";
import type { Resolved } from "./resolve.ts";
import { flagOf, type Key, noFlagOf, variableOf } from "./setting.ts";
import { KEYS, settingOf } from "./settings.ts";
import { shellLine, shellWord } from "./shell.ts";
import { hasPassword, withoutPassword } from "./without-password.ts";

const SECRET = /pass|secret|token|key|credential|auth/i;

/** Where the result went is nothing to whoever wants to see it again. */
const OUTPUTS: readonly Key[] = ["json", "junit", "markdown"];

/**
 * One line for a POSIX shell that runs the same audit again. What flags and variables say is in
 * it; a config is read again. What has a password is left to a variable: `$ACKPROOF_BROKER`.
 */
export function rerunCommand(
  { options, sources, config }: Resolved,
  isPackage = IS_PACKAGE,
): string {
  const flags = KEYS.filter((key) => !OUTPUTS.includes(key)).flatMap((key) =>
    key === "seed" ? ["--seed", String(options.seed)] : flagsOf(key, options[key], sources[key]),
  );
  const named =
    config === undefined || isFoundByItself(config) ? [] : ["--config", shellWord(config)];
  // From the config it is read again.
  const isInConfig = sources.command.from === "config";
  const command = isInConfig ? [] : ["--", shellLine(options.command.map(withoutPassword))];
  return commandLine("audit", [...named, ...flags, ...command].join(" "), isPackage);
}

/** The same of one of its trials, and of no other. */
export function rerunTrial(
  { options, sources, config }: Resolved,
  trial: string,
  isPackage = IS_PACKAGE,
): string {
  const only = { from: "flag", place: "--only", texts: [trial] } as const;
  return rerunCommand(
    { options: { ...options, only: trial }, sources: { ...sources, only }, config },
    isPackage,
  );
}

function flagsOf(key: Key, value: unknown, { texts = [] }: Source): string[] {
  const { argument, fromTexts, flag } = settingOf(key);
  if (flag === false || texts.length === 0) return [];
  if (argument === undefined) return [value === true ? flagOf(key) : noFlagOf(key)];
  const said = fromTexts ? texts : texts.slice(-1);
  return said.flatMap((text) => [
    flagOf(key),
    key === "env" ? variable(text) : argumentOf(key, text),
  ]);
}

function argumentOf(key: Key, text: string): string {
  const isWritable = !hasPassword(text) && !text.includes("\n");
  return isWritable ? shellWord(text) : `"$${variableOf(key)}"`;
}

/** A variable of the worker that looks like a secret is passed on by its name. */
function variable(text: string): string {
  const [name = "", ...rest] = text.split("=");
  const isSecret = SECRET.test(name) || hasPassword(rest.join("=")) || text.includes("\n");
  return shellWord(isSecret ? name : text);
}

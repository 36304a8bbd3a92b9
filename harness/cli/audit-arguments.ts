import type { Command } from "commander";
import { loadConfig } from "../audit/config/load.ts";
import { nearest } from "../audit/config/problems.ts";
import { type Resolved, resolve } from "../audit/config/resolve.ts";
import { type Environment, flagOf, type Key } from "../audit/config/setting.ts";
import { KEYS, settingOf } from "../audit/config/settings.ts";
import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import { auditCommand, auditHelp } from "./audit-help.ts";

/** What `ackproof audit` was told. */
export type AuditArguments = { help: string } | { resolved: Resolved; verbose: boolean };

/** Where it was told. */
export interface Surroundings {
  cwd: string;
  environment: Environment;
}

/**
 * Reads flags, environment and config, in this order of precedence; `--help` before all.
 *
 * @throws {SetupError} that says everything that can't be used, at once.
 */
export async function parseAudit(
  args: readonly string[],
  { cwd, environment }: Surroundings = { cwd: process.cwd(), environment: process.env },
): Promise<AuditArguments> {
  const end = args.indexOf("--");
  const command = end < 0 ? [] : args.slice(end + 1);
  const parser = auditCommand();
  const { flags, problems } = parseFlags(parser, end < 0 ? args : args.slice(0, end));
  const { help, verbose, config: named } = parser.opts();
  if (help) return { help: auditHelp(parser) };
  if (named === true) problems.push("--config needs a value: --config <file>.");
  const config = await loadConfig(cwd, named === true ? undefined : named).catch((error) => {
    if (!(error instanceof SetupError)) throw error;
    problems.push(error.message);
    return undefined;
  });
  const resolved = resolve({ flags, command, environment, config, cwd }, problems);
  return { resolved, verbose: verbose === true };
}

interface Flags {
  flags: Partial<Record<Key, string[]>>;
  problems: string[];
}

function parseFlags(parser: Command, args: readonly string[]): Flags {
  parser.parse(args, { from: "user" });
  const flags: Flags["flags"] = {};
  const problems = strangers(parser);
  for (const key of KEYS) {
    const said: unknown = parser.getOptionValue(key);
    if (said === undefined) continue;
    const { argument } = settingOf(key);
    const texts = [said].flat();
    if (argument !== undefined && texts.includes(true)) {
      problems.push(`${flagOf(key)} needs a value: ${flagOf(key)} ${argument}.`);
    } else {
      flags[key] = texts.map(String);
    }
  }
  return { flags, problems };
}

/** What is no flag of ours, and what is no flag at all. */
function strangers(parser: Command): string[] {
  const known = parser.options.map(({ long }) => long ?? "");
  const problems: string[] = [];
  let isValue = false;
  for (const word of parser.args) {
    const [flag = ""] = word.split("=");
    const near = nearest(flag, known);
    const isSwitch = known.includes(flag); // Any other takes what follows it.
    const why = near
      ? `: did you mean ${near}?`
      : `. \`${commandLine("audit", "--help")}\` says what there is.`;
    if (isSwitch) problems.push(`${flag} takes no value.`);
    else if (word.startsWith("-")) problems.push(`${flag} is no flag${why}`);
    else if (!isValue) problems.push(`${word} stands alone: the worker's command follows \`--\`.`);
    isValue = word.startsWith("-") && !word.includes("=");
  }
  return problems;
}

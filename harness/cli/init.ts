import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { guessCommand } from "../audit/config/guess-command.ts";
import { CONFIG_FILES } from "../audit/config/load.ts";
import { shellLine } from "../audit/config/shell.ts";
import { configTemplate } from "../audit/config/template.ts";
import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Outlook } from "./run-tests.ts";

const FILE = "ackproof.config.ts";
const USAGE = `Usage: ${commandLine("init", "[--force]")}
Writes ${FILE} into the working directory: the worker's command, guessed from the files that
are there, and each setting of \`${commandLine("audit")}\` with its default.

  --force  write over the one that is there

Exit code: 0 it is written, 3 it is not.`;

/** @throws {SetupError} where there is a config already, or none can be written. */
export async function init(
  args: string[],
  { say }: Pick<Outlook, "say">,
  folder = process.cwd(),
): Promise<ExitCode> {
  const { force, help } = parsed(args);
  if (help) {
    say(USAGE);
    return 0;
  }
  const other = CONFIG_FILES.find((name) => name !== FILE && existsSync(join(folder, name)));
  if (other !== undefined) {
    throw new SetupError(
      `There is ${other} already, and only one config is read: remove it first.`,
    );
  }
  const guess = guessCommand(folder);
  write(join(folder, FILE), configTemplate(guess), force);
  say(`${FILE} is written.`);
  if (guess) {
    say(`The worker's command is \`${shellLine(guess.command)}\`, guessed from ${guess.from}.`);
    say(`Next: \`${commandLine("audit")}\`.`);
  } else {
    say(`Next: put the worker's command into it, then run \`${commandLine("audit")}\`.`);
  }
  return 0;
}

function parsed(args: string[]) {
  const force = { type: "boolean", default: false } as const;
  try {
    return parseArgs({ args, options: { force, help: { ...force, short: "h" } } }).values;
  } catch (cause) {
    const { message } = cause as Error;
    throw new SetupError(`${message}\n\`${commandLine("init", "--help")}\` says what there is.`, {
      cause,
    });
  }
}

function write(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? "w" : "wx" });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== "EEXIST") throw new SetupError(`Can't write ${FILE}: ${message}.`, { cause });
    throw new SetupError(`There is ${FILE} already: --force writes over it.`, { cause });
  }
}

import { Command, Option } from "commander";
import { flagOf, GROUPS, noFlagOf, variableOf } from "../audit/config/setting.ts";
import { KEYS, settingOf, shown } from "../audit/config/settings.ts";
import { commandLine, IS_PACKAGE } from "../command-line.ts";
import { PAGE } from "../report/text.ts";

const ABOUT = `Proves what a worker does when things die: it is run on a RabbitMQ broker, each fault strikes it at
each moment, and every task is accounted for. The worker gets AMQP_URL, QUEUE and EFFECT_URL.`;

const AFTER = `
Each setting is a variable, too, such as ${variableOf("queueType")}, and a line in ackproof.config.ts,
which \`${commandLine("init")}\` writes. Flags come before variables, and variables before the config.

Examples:
  ${commandLine("audit", "-- node worker.js")}
  ${commandLine("audit", "--broker 4.0 --queue-type quorum --duplicates allow -- python3 worker.py")}
  ${commandLine("audit", "--quick --effects queue:results --junit audit.xml -- ./worker")}

Exit code: 0 the worker holds, 1 it is broken, 2 the audit proved nothing either way, 3 the machine
or the settings did not allow it.`;

/** The flags of `ackproof audit`, and their help, as the table of settings has them. */
export function auditCommand(): Command {
  const command = new Command(commandLine("audit"))
    .usage(IS_PACKAGE ? "[options] -- <command>" : "-- [options] -- <command>")
    .description(ABOUT)
    .helpOption(false)
    // What is left over is told all at once, by who reads it.
    .allowUnknownOption()
    .allowExcessArguments()
    .configureOutput({ getOutHelpWidth: () => PAGE });
  for (const group of GROUPS) {
    for (const option of optionsOf(group)) command.addOption(option.helpGroup(`${group}:`));
  }
  for (const option of ownOptions()) command.addOption(option.helpGroup("This command:"));
  return command;
}

/** What `--help` says. */
export function auditHelp(command: Command): string {
  return `${command.helpInformation().trimEnd()}\n${AFTER}`;
}

function optionsOf(group: string): Option[] {
  const keys = KEYS.filter((key) => settingOf(key).group === group);
  return keys.flatMap((key) => {
    const { argument, help, fallback, fromTexts, flag } = settingOf(key);
    if (flag === false) return [];
    const isQuiet = argument === undefined || ["none", "empty"].includes(shown(key, fallback));
    const text = isQuiet ? help : `${help} (${shown(key, fallback)})`;
    if (argument === undefined) {
      return [new Option(flagOf(key), text), new Option(noFlagOf(key)).hideHelp()];
    }
    const option = withArgument(key, argument, text);
    return [fromTexts ? option.argParser(collect) : option];
  });
}

/** Its value may be missing as far as the parser knows: that is told with all else. */
function withArgument(key: string, argument: string, text: string): Option {
  const option = new Option(`${flagOf(key)} [value]`, text);
  option.flags = `${flagOf(key)} ${argument}`; // As the help has it.
  return option;
}

/** A flag without its value is `true`. */
function collect(text: string, before: unknown): unknown[] {
  return [...(Array.isArray(before) ? before : []), text];
}

function ownOptions(): Option[] {
  return [
    withArgument("config", "<file>", "a config by another name than ackproof.config.ts"),
    new Option("--verbose", "tell all settings, not only those that were set"),
    new Option("-h, --help", "tell this"),
  ];
}

#!/usr/bin/env node
/**
 * The commands: of the package, and in the repository those of the suite, too. Each says its result
 * on standard output, and what kept it from one, in one message, on standard error.
 */
import { readFileSync } from "node:fs";
import { commandLine, IS_PACKAGE } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import { paperOf } from "../report/text.ts";
import type { ExitCode } from "./exit-code.ts";
import { Interruption, listenForSignals } from "./interruption.ts";
import { requireNode } from "./require-node.ts";
import type { Outlook } from "./run-tests.ts";
import { say } from "./say.ts";
import { DISASTERS, GUARANTEES } from "./suite.ts";

interface Command {
  /** What it does, in a line. */
  purpose: string;
  /** Late, so that a command starts without what only others need: vitest, an engine's client. */
  load(): Promise<(args: string[], outlook: Outlook) => Promise<ExitCode>>;
  /** It ends when it is interrupted, but in its own time. */
  takesItsTime?: true;
}

const OF_PACKAGE: Record<string, Command> = {
  audit: {
    purpose: "proves what a worker does when things die",
    load: async () => (await import("./audit.ts")).auditWorker,
  },
  init: {
    purpose: "writes the settings of an audit to begin with",
    load: async () => (await import("./init.ts")).init,
  },
  setup: {
    purpose: "prepares a container engine and a RabbitMQ image",
    load: async () => (await import("./setup.ts")).setup,
    takesItsTime: true,
  },
  judge: {
    purpose: "judges a saved run again",
    load: async () => (await import("./judge.ts")).judgeAgain,
  },
  report: {
    purpose: "writes the report of a saved run, as a page",
    load: async () => (await import("./report.ts")).report,
  },
};

const OF_SUITE: Record<string, Command> = {
  soak: {
    purpose: "kills at full speed, and accounts for every task",
    load: async () => (await import("./soak.ts")).soakQueue,
  },
  explore: {
    purpose: "draws workloads and faults at random",
    load: async () => (await import("./explore.ts")).exploreBroker,
  },
  guarantees: {
    purpose: "proves what RabbitMQ guarantees",
    load: async () => (await import("./prove.ts")).prove(GUARANTEES),
  },
  disasters: {
    purpose: "proves what is left after a disaster",
    load: async () => (await import("./prove.ts")).prove(DISASTERS),
  },
  test: {
    purpose: "runs the tests of the harness, and the guarantees",
    load: async () => import("./test.ts").then(({ test, TESTS }) => test(TESTS)),
  },
  "test:tools": {
    purpose: "runs the tests of audit, explore and soak",
    load: async () => import("./test.ts").then(({ test, TOOLS }) => test(TOOLS)),
  },
};

const COMMANDS = IS_PACKAGE ? OF_PACKAGE : { ...OF_PACKAGE, ...OF_SUITE };

const [name = "", ...args] = process.argv.slice(2);
const interruption = new Interruption();
try {
  if (name === "--version") say(manifest().version);
  else if (name === "--help" || name === "-h") say(usage());
  else process.exitCode = await run(await commandNamed(name));
} catch (error) {
  // An interruption makes other things fail. It is what happened; they are what followed.
  const reason = error instanceof SetupError ? error : interruption.reason;
  if (!reason) throw error;
  process.stderr.write(`${name || "ackproof"}: ${reason.message}\n`);
  process.exitCode = reason.exitCode;
}

async function run({ load, takesItsTime }: Command): Promise<ExitCode> {
  requireNode(manifest().engines.node);
  if (!takesItsTime) listenForSignals(interruption);
  const command = await load();
  return command(args, { paper: paperOf(process.stdout), say, interruption });
}

async function commandNamed(name: string): Promise<Command> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command;
  const names = Object.keys(COMMANDS);
  const { nearest } = await import("../audit/config/problems.ts"); // Late, as above.
  const near = nearest(name, names);
  const meant = near === undefined ? "" : `There is no such command: did you mean ${near}? `;
  throw new SetupError(`${meant}The commands are ${names.join(", ")}.`);
}

function manifest(): { version: string; engines: { node: string } } {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
}

function usage(): string {
  const commands = Object.entries(COMMANDS);
  const width = Math.max(...commands.map(([name]) => name.length));
  return `Usage: ${commandLine("<command>", "[options]")}
What happens to my messages when something dies?

${commands.map(([name, { purpose }]) => `  ${name.padEnd(width)}  ${purpose}`).join("\n")}

\`${commandLine("<command>", "--help")}\` says what a command takes.
Exit code: 0 held, 1 broken, 2 inconclusive, 3 the machine could not do it.`;
}

/**
 * The commands: `npm run guarantees`, `npm run disasters`, `npm test` and `npm run judge`. Each says
 * its result on standard output, and what kept it from one, in one message, on standard error.
 */
import { SetupError } from "../errors.ts";
import { paperOf } from "../report/text.ts";
import type { ExitCode } from "./exit-code.ts";
import { Interruption, listenForSignals } from "./interruption.ts";
import { judgeAgain } from "./judge.ts";
import { prove } from "./prove.ts";
import type { Outlook } from "./run-tests.ts";
import { say } from "./say.ts";
import { DISASTERS, GUARANTEES } from "./suite.ts";
import { test } from "./test.ts";

type Command = (args: string[], outlook: Outlook) => Promise<ExitCode>;

const COMMANDS: Record<string, Command> = {
  guarantees: prove(GUARANTEES),
  disasters: prove(DISASTERS),
  test,
  judge: judgeAgain,
};

const [name = "", ...args] = process.argv.slice(2);
const interruption = new Interruption();
try {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new SetupError(`The commands are ${Object.keys(COMMANDS).join(", ")}.`);
  listenForSignals(interruption);
  process.exitCode = await command(args, { paper: paperOf(process.stdout), say, interruption });
} catch (error) {
  // An interruption makes other things fail. It is what happened; they are what followed.
  const reason = error instanceof SetupError ? error : interruption.reason;
  if (!reason) throw error;
  process.stderr.write(`${name || "ackproof"}: ${reason.message}\n`);
  process.exitCode = reason.exitCode;
}

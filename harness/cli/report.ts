import { relative } from "node:path";
import { parseArgs } from "node:util";
import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import { writeComparison, writeReport } from "../report/html/write.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Outlook } from "./run-tests.ts";

const USAGE = `Usage: ${commandLine("report", "<run> [options]")}
       ${commandLine("report", "--compare <run> <run>")}
Writes report.html of a saved run beside it, from what was saved alone: an audit's directory, a
failed spec's, or the results of a suite. The same run gives the same file.

  --compare      what changed from the first run to the second
  --task <id>    tells this message's life, too, where so many went well that it is only counted
  --out <file>   writes to this file instead

Exit code: 0 written, 3 there is no such run, or no room for the report.`;

/** Nothing is judged here: a report of a broken promise is as good as any. */
export async function report(args: string[], { say }: Outlook): Promise<ExitCode> {
  const { values, positionals } = parsed(args);
  if (values.help) {
    say(USAGE);
    return 0;
  }
  const [first, second] = positionals;
  if (first === undefined || positionals.length !== (values.compare ? 2 : 1)) {
    throw new SetupError(USAGE);
  }
  const { out: to, task: wanted = [] } = values;
  const written =
    second === undefined
      ? writeReport(first, { wanted, ...(to === undefined ? {} : { to }) })
      : writeComparison(first, second, to);
  say(`Report: ${relative(process.cwd(), written) || written}`);
  return 0;
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        compare: { type: "boolean" },
        task: { type: "string", multiple: true },
        out: { type: "string" },
      },
    });
  } catch (cause) {
    throw new SetupError(`${(cause as Error).message}\n${USAGE}`, { cause });
  }
}

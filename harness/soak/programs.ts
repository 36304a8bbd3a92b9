import { join } from "node:path";
import { IS_PACKAGE } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import type { Programs } from "./options.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/soak");

/** What a producer has under way without a confirm, at most; what a worker has without an ack. */
const WINDOW = 2000;
const PREFETCH = 300;

/**
 * The repository's own programs at full speed.
 *
 * @throws {SetupError} in the package, which brings none.
 */
export function ownPrograms(): Programs {
  if (IS_PACKAGE) throw new SetupError("A soak's programs are in the repository: run it there.");
  const command = (program: string, ...args: (string | number)[]): [string, ...string[]] => [
    process.execPath,
    join(FIXTURES, program),
    ...args.map(String),
  ];
  return {
    producer: (messages) => command("producer.ts", messages, "--window", WINDOW),
    worker: command("worker.ts", "--prefetch", PREFETCH),
  };
}

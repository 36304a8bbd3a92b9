import type { Engine } from "../broker/engine.ts";
import { prepareEngine } from "../broker/engine-install.ts";
import type { PreparedImage } from "../broker/image.ts";
import { prepareDebianImages, prepareDefaultImage } from "../broker/image-setup.ts";
import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Outlook } from "./run-tests.ts";

type Say = Outlook["say"];

const USAGE = `Usage: ${commandLine("setup", "[--all]")}
Prepares a container engine and a RabbitMQ image.
  --all   also prepares the images from each Debian suite: RabbitMQ 3.10, 4.0 and the newest`;

/**
 * Makes this machine able to run brokers. Does only what is missing.
 *
 * @throws {SetupError} where that is not possible, with what helps.
 */
export async function setup(args: string[], { say }: Pick<Outlook, "say">): Promise<ExitCode> {
  if (args.includes("--help") || args.includes("-h")) {
    say(USAGE);
    return 0;
  }
  const unknown = args.find((argument) => argument !== "--all");
  if (unknown !== undefined) throw new SetupError(`Unknown argument: ${unknown}\n${USAGE}`);
  await prepare(args.includes("--all"), say);
  return 0;
}

async function prepare(all: boolean, say: Say): Promise<void> {
  const progression = { say, signal: interruption(say) };
  const engine = await prepareEngine(progression);
  say(`engine: ${engine.title}${placeOf(engine)}, ready`);
  const standard = await prepareDefaultImage(engine, progression);
  say(readyLine(standard));
  if (!all) return;
  await prepareDebianImages(engine, progression, (image) => {
    if (image.name !== standard.name) say(readyLine(image));
  });
}

/** Where it is, if it is on another machine. */
function placeOf({ endpoint: { address, connect } }: Engine): string {
  return connect.host ? ` at ${address}` : "";
}

/** Aborted when the user has had enough. What is under way cleans up after itself first. */
function interruption(say: Say): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) return;
      say("setup: interrupted; cleaning up");
      controller.abort(new SetupError("It was interrupted. What was ready before still is."));
    });
  }
  return controller.signal;
}

function readyLine({ name, version }: PreparedImage): string {
  return `image: ${name} (RabbitMQ ${version ?? "of an unknown version"}), ready`;
}

/**
 * `npm run setup [-- --all]`: makes this machine able to run the suite. Does only what is missing.
 * Exits with 0, or with 3 and one clear error.
 */
import { prepareEngine } from "../broker/engine-install.ts";
import type { PreparedImage } from "../broker/image.ts";
import { prepareDebianImages, prepareDefaultImage } from "../broker/image-setup.ts";
import { SetupError } from "../errors.ts";

const USAGE = `Usage: npm run setup [-- --all]
Prepares a container engine and a RabbitMQ image.
  --all   also prepares the images from each Debian suite: RabbitMQ 3.10, 4.0 and the newest
`;

async function main(args: string[]): Promise<void> {
  if (args.includes("--help")) return say(USAGE.trimEnd());
  const unknown = args.find((argument) => argument !== "--all");
  if (unknown !== undefined) throw new SetupError(`Unknown argument: ${unknown}\n${USAGE}`);
  const progression = { say, signal: interruption() };
  const engine = await prepareEngine(progression);
  say(`engine: ${engine.title}, ready`);
  const standard = await prepareDefaultImage(engine, progression);
  sayReady(standard);
  if (!args.includes("--all")) return;
  await prepareDebianImages(engine, progression, (image) => {
    if (image.name !== standard.name) sayReady(image);
  });
}

/** Aborted when the user has had enough. What is under way cleans up after itself first. */
function interruption(): AbortSignal {
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

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function sayReady({ name, version }: PreparedImage): void {
  say(`image: ${name} (RabbitMQ ${version ?? "of an unknown version"}), ready`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`setup: ${error.message}\n`);
  process.exitCode = error.exitCode;
}

import { SetupError } from "../errors.ts";
import type { Engine } from "./engine.ts";
import { ask } from "./engine-api.ts";
import { lastLines, ToolFailure } from "./tool.ts";

/** Where a build failed. */
export interface BuildPlace {
  suite: string;
  mirror: string | undefined;
  /** The temporary folder. */
  folder: string;
  /** The folder in which the engine keeps its images, if it tells. */
  engineFolder: string | undefined;
}

/** What a build can fail of that its user can do something about. */
const CAUSES: [RegExp, (place: BuildPlace) => string][] = [
  [
    /no space left on device|ENOSPC/i,
    ({ folder, engineFolder }) =>
      `A disk is full: the one of ${folder}` +
      `${engineFolder ? `, or the engine's (${engineFolder})` : ", or the engine's"}. ` +
      "Free about 1 GB; TMPDIR names another folder to build in.",
  ],
  [
    /failed getting release|could not resolve|temporary failure resolving|couldn't download|unable to fetch|failed to fetch|connection (refused|timed out)|network is unreachable/i,
    ({ mirror }) =>
      `Debian's packages can't be reached at ${mirror ?? "debootstrap's default mirror"}. ` +
      "Check the network, or set RABBITMQ_IMAGE to an image that the engine has.",
  ],
  [
    /operation not permitted|permission denied|noexec or nodev/i,
    ({ folder }) =>
      `debootstrap may not make a root file system in ${folder}. It needs a root user that may ` +
      "mount and make device nodes; TMPDIR names another folder.",
  ],
  [
    /ECONNRESET|ECONNREFUSED|ENOENT.*\.sock|socket hang up|EPIPE/,
    () => "The container engine stopped answering. Look into its log, then run this again.",
  ],
];

/** What to tell the user about a failed build. */
export function describeBuildFailure(message: string, output: string, place: BuildPlace): string {
  const known = CAUSES.find(([pattern]) => pattern.test(`${message}\n${output}`));
  const advice =
    known?.[1](place) ?? "Set RABBITMQ_IMAGE to an image that the engine has or can pull.";
  return (
    `No RabbitMQ image could be built from Debian ${place.suite}. ${advice} ` +
    `What failed: ${message}${lastLines(output)}`
  );
}

/** A failure of a build as one clear error. Errors that are clear already pass unchanged. */
export async function explainBuild(
  error: unknown,
  { engine, ...build }: Omit<BuildPlace, "engineFolder"> & { engine: Engine },
): Promise<SetupError> {
  if (error instanceof SetupError) return error;
  const output = error instanceof ToolFailure ? error.output : "";
  const { message, code } = error as NodeJS.ErrnoException;
  const place = { ...build, engineFolder: await askFolder(engine) };
  const failure = code ? `${message} (${code})` : message;
  return new SetupError(describeBuildFailure(failure, output, place), { cause: error });
}

async function askFolder({ endpoint }: Engine): Promise<string | undefined> {
  const answer = ask<{ DockerRootDir?: string }>(endpoint, "/info");
  return (await answer.catch(() => undefined))?.DockerRootDir;
}

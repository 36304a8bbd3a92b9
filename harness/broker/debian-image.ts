import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import { aptInstall, BUILD_PACKAGES } from "./apt-install.ts";
import { type AptSource, debianMirror, parseDeb822, parseSourcesList } from "./apt-sources.ts";
import { explainBuild } from "./build-failure.ts";
import {
  bootstrapArguments,
  type DebianSuite,
  debianImage,
  LEFT_OUT,
  RECIPE_FOLDER,
  RECIPE_LABEL,
  recipeDigest,
  VERSION_LABEL,
} from "./debian-recipe.ts";
import type { Engine } from "./engine.ts";
import { progress } from "./engine-api.ts";
import { pruneNameless, removeLabelled, runDockerfile } from "./engine-build.ts";
import { readDistribution } from "./engine-install.ts";
import { hasApt } from "./engine-plan.ts";
import type { PreparedImage } from "./image.ts";
import type { Progression } from "./progression.ts";
import { findCommand, lastLines, runTool, ToolFailure } from "./tool.ts";

/** On everything that one build makes, so that all of it is found again if the build ends early. */
const BUILD_LABEL = "org.ackproof.build";

/** One build, and where it works. */
interface Build {
  engine: Engine;
  suite: DebianSuite;
  /** The host's own Debian mirror, or undefined for debootstrap's default. */
  mirror: string | undefined;
  /** A temporary folder: needs about 400 MB, and a file system that takes device nodes. */
  folder: string;
  id: string;
  progression: Progression;
}

/**
 * Builds the image of one suite from Debian's packages: a minimal root by debootstrap, and the
 * Dockerfile on top of it. It gets its name last, so an image that has one is whole.
 *
 * @throws {SetupError} when it can't be built. Nothing of it is left then.
 */
export async function buildDebianImage(
  engine: Engine,
  suite: DebianSuite,
  progression: Progression,
): Promise<PreparedImage> {
  await requireBuildTools(suite, progression);
  // Not /tmp: it is often a small file system in memory that takes no device nodes.
  const folder = await mkdtemp(join(process.env.TMPDIR || "/var/tmp", "ackproof-image-"));
  const mirror = await hostMirror();
  const build: Build = { engine, suite, mirror, folder, id: randomUUID(), progression };
  try {
    return await runBuild(build);
  } catch (error) {
    await discard(build);
    progression.signal.throwIfAborted();
    throw await explainBuild(error, build);
  } finally {
    // The kernel may still be ending what a cancelled debootstrap was running.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function runBuild(build: Build): Promise<PreparedImage> {
  const { engine, suite, mirror, progression } = build;
  const name = debianImage(suite);
  const say = (line: string) => progression.say(`image: ${name}: ${line}`);
  say(`fetching a minimal Debian ${suite} from ${mirror ?? "debootstrap's default mirror"}`);
  await bootstrap(build);
  say("importing it into the engine");
  const base = await importBase(build);
  say("installing rabbitmq-server in it");
  const { image, version } = await installBroker(build, base);
  await giveName(build, image, version);
  // The image that had the name before may be in use, and stays for as long as it is.
  await pruneNameless(engine, { label: [RECIPE_LABEL] }).catch(() => {});
  // Left by a build whose engine died under it. A younger one may still be under way.
  await pruneNameless(engine, { label: [BUILD_LABEL], until: ["1h"] }).catch(() => {});
  return { name, version };
}

async function requireBuildTools(suite: DebianSuite, progression: Progression): Promise<void> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new SetupError(
      `The image ${debianImage(suite)} has to be built from Debian's packages, which needs root on ` +
        `Linux (debootstrap). Run \`sudo ${commandLine("setup")}\`, or set RABBITMQ_IMAGE to an ` +
        "image that the engine has or can pull.",
    );
  }
  if (findCommand("debootstrap")) return;
  if (!hasApt(await readDistribution())) {
    throw new SetupError(
      "Building a RabbitMQ image needs debootstrap, which is not installed. Install it with this " +
        "system's package manager, or set RABBITMQ_IMAGE to an image that the engine can pull.",
    );
  }
  await aptInstall(BUILD_PACKAGES, progression);
}

/** debootstrap as the first process of a namespace: its mounts and processes end with it. */
async function bootstrap({ suite, mirror, folder, progression }: Build): Promise<void> {
  const root = join(folder, "root");
  const namespace = ["--mount", "--pid", "--fork", "--kill-child"];
  const command = ["debootstrap", ...bootstrapArguments(suite, root, mirror)];
  try {
    await runTool("unshare", [...namespace, ...command], {
      title: "debootstrap",
      cancelSignal: progression.signal,
      killSignal: "SIGKILL", // The first process of a namespace ignores all others.
    });
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    // What went wrong in detail is only in its log.
    const log = await readFile(join(root, "debootstrap/debootstrap.log"), "utf8").catch(() => "");
    throw new ToolFailure(error.message, `${error.output}${lastLines(log, 3)}`);
  }
}

/** @returns the id of the image. */
async function importBase({ engine, folder, id, progression }: Build): Promise<string> {
  const { signal } = progression;
  const exclude = LEFT_OUT.map((path) => `--exclude=${path}`);
  const tar = execa("tar", ["-C", join(folder, "root"), ...exclude, "-c", "."], {
    encoding: "buffer",
    buffer: { stdout: false },
    cancelSignal: signal,
  });
  const query = { fromSrc: "-", changes: `LABEL ${BUILD_LABEL}=${id}` };
  const imported = progress(engine.endpoint, "/images/create", { query, body: tar.stdout, signal });
  let image: string | undefined;
  const [packed, taken] = await Promise.allSettled([
    tar,
    (async () => {
      for await (const { status } of imported) if (status?.startsWith("sha256:")) image = status;
    })(),
  ]);
  // The engine's refusal first: it is what breaks the pipe that tar then complains about.
  if (taken.status === "rejected") throw taken.reason;
  if (packed.status === "rejected") throw packed.reason;
  if (image === undefined) throw new Error("The engine did not say which image it imported");
  return image;
}

async function installBroker(
  { engine, progression }: Build,
  base: string,
): Promise<{ image: string; version: string }> {
  const folder = fileURLToPath(RECIPE_FOLDER);
  const query = { buildargs: JSON.stringify({ BASE: base }) };
  const { image, output } = await runDockerfile(engine, folder, query, progression.signal);
  const installed = /^installed rabbitmq-server (?:\d+:)?([\d.]+)/m.exec(output);
  if (!installed?.[1]) throw new Error("The Dockerfile did not say which RabbitMQ it installed");
  return { image, version: installed[1] };
}

/** Adds the labels, and in the same step the name. */
async function giveName(
  { engine, suite, folder, progression }: Build,
  image: string,
  version: string,
): Promise<void> {
  const labels = { [RECIPE_LABEL]: await recipeDigest(), [VERSION_LABEL]: version };
  await writeFile(join(folder, "Dockerfile"), `FROM ${image}\n`);
  const query = { t: debianImage(suite), labels: JSON.stringify(labels) };
  await runDockerfile(engine, folder, query, progression.signal);
}

/** Removes what an unfinished build has left in the engine. Never fails: it runs after a failure. */
async function discard({ engine, id, progression }: Build): Promise<void> {
  try {
    await removeLabelled(engine, `${BUILD_LABEL}=${id}`);
  } catch (error) {
    progression.say(`image: parts of the unfinished build may be left in the engine (${error})`);
  }
}

async function hostMirror(): Promise<string | undefined> {
  const folder = "/etc/apt/sources.list.d";
  const names = await readdir(folder).catch(() => []);
  const files = ["/etc/apt/sources.list", ...names.sort().map((name) => join(folder, name))];
  const sources = await Promise.all(files.map(readSources));
  return debianMirror(sources.flat());
}

async function readSources(file: string): Promise<AptSource[]> {
  const parse = file.endsWith(".sources") ? parseDeb822 : parseSourcesList;
  if (!/\.(list|sources)$/.test(file)) return [];
  return parse(await readFile(file, "utf8").catch(() => ""));
}

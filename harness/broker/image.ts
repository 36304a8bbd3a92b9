import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import {
  DEBIAN_SUITES,
  debianImage,
  RECIPE_LABEL,
  recipeDigest,
  VERSION_LABEL,
} from "./debian-recipe.ts";
import { type Engine, requireEngine } from "./engine.ts";
import { ask, EngineRefusal } from "./engine-api.ts";

/** A RabbitMQ image that this machine can start now. */
export interface PreparedImage {
  /** What to start it by: `ackproof/rabbitmq:sid`. */
  name: string;
  /** RabbitMQ's version, `4.3.6`; undefined where the image doesn't tell. */
  version: string | undefined;
}

/** What decides which image is used. */
export interface ImageFacts {
  /** RABBITMQ_IMAGE. */
  wanted: string | undefined;
  wantedPresent: boolean;
  prepared: PreparedImage[];
}

export type ImageChoice =
  | { use: string }
  /** RABBITMQ_IMAGE, which isn't here. */
  | { fetch: string }
  /** Nothing is here. */
  | { obtain: "any" };

/** Official images that the suite is meant for, and the one that it is run on by default. */
const OFFICIAL_TAGS = ["3.13", "4.0", "4.1", "4.2", "4.3"];
export const OFFICIAL_DEFAULT = "rabbitmq:4.3";
export const BUILT_DEFAULT = debianImage("sid");

/** Which image to use: the one that was asked for, or the best of those that are here. */
export function chooseImage({ wanted, wantedPresent, prepared }: ImageFacts): ImageChoice {
  if (wanted) return wantedPresent ? { use: wanted } : { fetch: wanted };
  const names = prepared.map(({ name }) => name);
  const best =
    [OFFICIAL_DEFAULT, BUILT_DEFAULT].find((name) => names.includes(name)) ?? names.at(-1);
  return best === undefined ? { obtain: "any" } : { use: best };
}

/** @throws {EngineRefusal} when the engine can't tell. */
export async function gatherImageFacts(
  engine: Engine,
  wanted = process.env.RABBITMQ_IMAGE || undefined,
): Promise<ImageFacts> {
  const [prepared, image] = await Promise.all([
    findPrepared(engine),
    wanted === undefined ? undefined : findImage(engine, wanted),
  ]);
  return { wanted, wantedPresent: image !== undefined, prepared };
}

/**
 * Every RabbitMQ image that is ready on this machine, oldest version first: official ones, and
 * those that setup built by the recipe as it is now. Builds and pulls nothing.
 *
 * @throws {SetupError} when no container engine answers.
 */
export async function preparedImages(): Promise<PreparedImage[]> {
  return findPrepared(await requireEngine());
}

/** The newest image of a series, such as `4.0`, that is ready on this machine. */
export async function preparedOf(series: string): Promise<PreparedImage | undefined> {
  const images = await preparedImages();
  return images.findLast(({ version }) => version?.startsWith(`${series}.`));
}

/**
 * The image to use: the one that is wanted, or else the best of those that are here.
 *
 * @throws {SetupError} when there is no engine or no image; the message names the remedy.
 */
export async function defaultImage(wanted?: string): Promise<string> {
  const choice = chooseImage(await gatherImageFacts(await requireEngine(), wanted));
  if ("use" in choice) return choice.use;
  const [what, variable] =
    "fetch" in choice
      ? [`the image ${choice.fetch}`, `RABBITMQ_IMAGE=${choice.fetch} `]
      : ["a RabbitMQ image", ""];
  throw new SetupError(
    `The container engine doesn't have ${what}. Run \`${variable}${commandLine("setup")}\`.`,
  );
}

/** One image, if the engine has it. */
export async function findImage(engine: Engine, name: string): Promise<FoundImage | undefined> {
  try {
    const found = await ask<ImageDescription>(engine.endpoint, `/images/${name}/json`);
    const labels = found.Config.Labels ?? {};
    return { name, id: found.Id, labels, version: labels[VERSION_LABEL] ?? versionIn(found) };
  } catch (error) {
    if (error instanceof EngineRefusal && error.status === 404) return undefined;
    throw error;
  }
}

export interface FoundImage extends PreparedImage {
  id: string;
  labels: Record<string, string>;
}

/** What is read of the engine's description of an image. */
interface ImageDescription {
  Id: string;
  Config: { Labels: Record<string, string> | null; Env: string[] | null };
}

async function findPrepared(engine: Engine): Promise<PreparedImage[]> {
  const current = await recipeDigest();
  const official = OFFICIAL_TAGS.map((tag) => findImage(engine, `rabbitmq:${tag}`));
  const built = DEBIAN_SUITES.map(async (suite) => {
    const image = await findImage(engine, debianImage(suite));
    return image?.labels[RECIPE_LABEL] === current ? image : undefined;
  });
  const found = (await Promise.all([...official, ...built])).filter((image) => image !== undefined);
  return found.map(({ name, version }) => ({ name, version })).sort(byVersion);
}

/** Oldest first. */
export function byVersion(a: PreparedImage, b: PreparedImage): number {
  return (a.version ?? "").localeCompare(b.version ?? "", "en", { numeric: true });
}

/** Official images say their version in their environment. */
function versionIn({ Config }: ImageDescription): string | undefined {
  return Config.Env?.map((line) => /^RABBITMQ_VERSION=(.+)/.exec(line)?.[1]).find(Boolean);
}

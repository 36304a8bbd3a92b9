import { SetupError } from "../errors.ts";
import { buildDebianImage } from "./debian-image.ts";
import { DEBIAN_SUITES, debianImage, RECIPE_LABEL, recipeDigest } from "./debian-recipe.ts";
import type { Engine } from "./engine.ts";
import { progress } from "./engine-api.ts";
import {
  chooseImage,
  findImage,
  gatherImageFacts,
  OFFICIAL_DEFAULT,
  type PreparedImage,
} from "./image.ts";
import type { Progression } from "./progression.ts";

/** Milliseconds without progress after which a pull is given up. */
const PULL_PATIENCE = 15_000;

/**
 * The image that the suite runs on by default; pulled or built first if none is here.
 *
 * @throws {SetupError} when none can be had.
 */
export async function prepareDefaultImage(
  engine: Engine,
  progression: Progression,
): Promise<PreparedImage> {
  const choice = chooseImage(await gatherImageFacts(engine));
  if ("use" in choice) return described(engine, choice.use);
  if ("fetch" in choice) {
    const refusal = await pull(engine, choice.fetch, progression);
    if (refusal === undefined) return described(engine, choice.fetch);
    throw new SetupError(
      `The image ${choice.fetch}, which RABBITMQ_IMAGE names, is not here and can't be pulled: ` +
        `${refusal}. Correct RABBITMQ_IMAGE, or unset it to let setup find an image.`,
    );
  }
  const refusal = await pull(engine, OFFICIAL_DEFAULT, progression);
  if (refusal === undefined) return described(engine, OFFICIAL_DEFAULT);
  progression.say(`image: ${OFFICIAL_DEFAULT} can't be pulled (${refusal}); building one instead`);
  return buildDebianImage(engine, "sid", progression);
}

/** The images from every Debian suite; those that are missing or out of date are built. */
export async function prepareDebianImages(
  engine: Engine,
  progression: Progression,
  ready: (image: PreparedImage) => void,
): Promise<void> {
  const current = await recipeDigest();
  for (const suite of DEBIAN_SUITES.toReversed()) {
    const image = await findImage(engine, debianImage(suite));
    const fresh = image?.labels[RECIPE_LABEL] === current;
    ready(fresh ? image : await buildDebianImage(engine, suite, progression));
  }
}

async function described(engine: Engine, name: string): Promise<PreparedImage> {
  return (await findImage(engine, name)) ?? { name, version: undefined };
}

/** @returns why it can't be pulled, or undefined once it is here. */
async function pull(
  { endpoint }: Engine,
  name: string,
  { say, signal }: Progression,
): Promise<string | undefined> {
  say(`image: pulling ${name}`);
  const idle = new AbortController();
  const give = () => idle.abort(new Error(`no progress in ${PULL_PATIENCE / 1000} s`));
  let deadline = setTimeout(give, PULL_PATIENCE);
  try {
    const both = AbortSignal.any([signal, idle.signal]);
    const query = splitReference(name);
    for await (const _ of progress(endpoint, "/images/create", { query, signal: both })) {
      clearTimeout(deadline);
      deadline = setTimeout(give, PULL_PATIENCE);
    }
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return idle.signal.aborted ? String(idle.signal.reason.message) : (error as Error).message;
  } finally {
    clearTimeout(deadline);
  }
}

/** An image's reference in the engine's terms. Without a tag, the engine would pull all of them. */
export function splitReference(name: string): { fromImage: string; tag: string } {
  const digest = name.indexOf("@");
  if (digest >= 0) return { fromImage: name.slice(0, digest), tag: name.slice(digest + 1) };
  // A colon before the last slash is a registry's port.
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  if (colon < 0) return { fromImage: name, tag: "latest" };
  return { fromImage: name.slice(0, colon), tag: name.slice(colon + 1) };
}

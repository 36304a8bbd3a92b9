import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** Debian suites with a RabbitMQ of their own: 3.10, 4.0, and the newest. */
export const DEBIAN_SUITES = ["bookworm", "trixie", "sid"] as const;
export type DebianSuite = (typeof DEBIAN_SUITES)[number];

/** On a built image: the recipe it was built by, and the RabbitMQ in it. */
export const RECIPE_LABEL = "org.ackproof.recipe";
export const VERSION_LABEL = "org.ackproof.rabbitmq";

/** The folder that holds the Dockerfile. */
export const RECIPE_FOLDER = new URL("../../fixtures/broker/", import.meta.url);

/** Not part of the image: what only the package manager reads. */
export const LEFT_OUT = [
  "./var/cache/apt/*",
  "./var/lib/apt/lists/*",
  "./usr/share/doc/*",
  "./usr/share/locale/*",
];

/** The name of the image that is built from a suite. */
export function debianImage(suite: DebianSuite): string {
  return `ackproof/rabbitmq:${suite}`;
}

/** The arguments of debootstrap. Without a mirror it takes its own default. */
export function bootstrapArguments(
  suite: DebianSuite,
  root: string,
  mirror: string | undefined,
): string[] {
  // The image's apt has to trust an encrypted mirror as this host does.
  const include = mirror?.startsWith("https:") ? ["--include=ca-certificates"] : [];
  return ["--variant=minbase", ...include, suite, root, ...(mirror ? [mirror] : [])];
}

/** Names the recipe as it is now. An image that was built by another one is built again. */
export async function recipeDigest(): Promise<string> {
  const dockerfile = await readFile(new URL("Dockerfile", RECIPE_FOLDER), "utf8");
  const base = [...bootstrapArguments("sid", "", undefined), ...LEFT_OUT];
  return createHash("sha256")
    .update(JSON.stringify([base, dockerfile]))
    .digest("hex");
}

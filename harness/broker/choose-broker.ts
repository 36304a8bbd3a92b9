import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import { defaultImage, type PreparedImage, preparedImages } from "./image.ts";

/**
 * The image to run on: the default one, or the one that is meant by a version or a name.
 *
 * @throws {SetupError} where there is no engine, or no such image.
 */
export async function chooseBroker(broker: string | undefined): Promise<string> {
  if (broker === undefined) return defaultImage();
  const prepared = await preparedImages();
  const image = matching(broker, prepared);
  if (image !== undefined) return image;
  if (/^[\d.]+$/.test(broker)) {
    const versions = prepared.map(({ version, name }) => `${version} (${name})`).join(", ");
    throw new SetupError(
      `No image with RabbitMQ ${broker} is prepared; there is ${versions || "none at all"}. ` +
        `\`${commandLine("setup", "--all")}\` prepares three versions.`,
    );
  }
  return defaultImage(broker);
}

/** The newest image of a version, which may be given in part, or the image of that name. */
export function matching(broker: string, prepared: readonly PreparedImage[]): string | undefined {
  const meant = prepared.filter(
    ({ name, version = "" }) =>
      name === broker || version === broker || version.startsWith(`${broker}.`),
  );
  return meant.at(-1)?.name;
}

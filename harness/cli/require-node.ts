import { SetupError } from "../errors.ts";

/**
 * Says so where Node is too old, before anything fails on it that nobody understands.
 *
 * @param wanted as `engines` in package.json has it: `>=22.18`.
 * @throws {SetupError} with both versions.
 */
export function requireNode(wanted: string, version = process.versions.node): void {
  const least = wanted.replace(/^>=/, "");
  if (version.localeCompare(least, "en", { numeric: true }) >= 0) return;
  throw new SetupError(`This needs Node ${least} or newer, and runs on ${version}.`);
}

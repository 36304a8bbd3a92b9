/** Compiled, this is the package. The repository runs its sources as they are. */
export const IS_PACKAGE = !import.meta.filename.endsWith(".ts");

/**
 * What to type for a command of ours, the way this program itself came to be here:
 * `npm run setup -- --all` in the repository, `npx ackproof setup --all` from the package.
 */
export function commandLine(command: string, args = "", isPackage = IS_PACKAGE): string {
  if (isPackage) return `npx ackproof ${command}${args && ` ${args}`}`;
  return `npm run ${command}${args && ` -- ${args}`}`;
}

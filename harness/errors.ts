/**
 * The machine can't do what was asked of it: no engine, no image, no disk, no rights, or the user
 * interrupted it. Says what happened, where, and what to do about it; a command that meets one
 * prints its message without a stack and exits with 3, because nothing was proven either way.
 */
export class SetupError extends Error {
  override name = "SetupError";
  readonly exitCode = 3;
}

import { SetupError } from "../errors.ts";
import { lastLines } from "./container.ts";

/** A broker's program ended before the broker was up. It may have had a reason to refuse. */
export class BootFailure extends SetupError {
  override name = "BootFailure";
  /** When its container was started: the name of the life that it did not have. */
  readonly boot: string;
  /** The exit code of the broker's program. */
  readonly code: number;
  /** All that it logged. */
  readonly log: string;

  constructor(boot: string, code: number, log: string) {
    super(`The broker exited with ${code} while it booted. ${lastLines(log)}`);
    this.boot = boot;
    this.code = code;
    this.log = log;
  }
}

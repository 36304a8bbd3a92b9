import { SetupError } from "../errors.ts";
import { SETUP } from "./exit-code.ts";

/** Ends a run before its time, once, for one reason. */
export class Interruption {
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why, if it has come to that. */
  get reason(): SetupError | undefined {
    return this.signal.aborted ? this.signal.reason : undefined;
  }

  interrupt(reason: SetupError): void {
    if (!this.signal.aborted) this.#controller.abort(reason);
  }
}

/** How long an interrupted run may take to end in order, before it just ends. */
const PATIENCE = 15_000;

/**
 * Interrupts when the user has had enough, or the terminal or the process that started this one
 * has gone. Whoever asks a second time does not want to wait: the reaper, which outlives this
 * process, then removes what is left.
 */
export function listenForSignals(interruption: Interruption): void {
  let asked = false;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (asked) process.exit(SETUP);
      asked = true;
      interruption.interrupt(new SetupError("interrupted."));
    });
  }
  process.on("disconnect", () => interruption.interrupt(new SetupError("interrupted.")));
  process.channel?.unref(); // Listening is no reason to stay alive.
  interruption.signal.addEventListener("abort", () => {
    setTimeout(() => process.exit(SETUP), PATIENCE).unref();
  });
}

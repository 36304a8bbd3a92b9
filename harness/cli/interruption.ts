import { SetupError } from "../errors.ts";
import { SETUP } from "./exit-code.ts";

export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

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
/** One Ctrl-C comes twice under npm, which passes on what the terminal sends to everyone. */
const SAME_KEYPRESS = 500;

/**
 * Interrupts when the user has had enough, or the terminal or the process that started this one
 * has gone. Whoever asks a second time does not want to wait: the reaper, which outlives this
 * process, then removes what is left.
 */
export function listenForSignals(interruption: Interruption): void {
  let asked: number | undefined;
  for (const name of SIGNALS) {
    process.on(name, () => {
      const now = performance.now();
      asked ??= now;
      if (now - asked > SAME_KEYPRESS) leave();
      interruption.interrupt(new SetupError("interrupted."));
    });
  }
  process.on("disconnect", () => interruption.interrupt(new SetupError("interrupted.")));
  process.channel?.unref(); // Listening is no reason to stay alive.
  interruption.signal.addEventListener("abort", () => {
    setTimeout(leave, PATIENCE).unref();
  });
}

function leave(): never {
  process.stderr.write("left at once; the brokers are being removed in the background.\n");
  process.exit(SETUP);
}

import { SetupError } from "../errors.ts";
import { restartBroker } from "../faults/broker-restart.ts";
import type { Stage } from "../faults/stage.ts";
import type { Source } from "../until.ts";
import type { Crew } from "./crew.ts";
import { untilMoving } from "./moving.ts";
import type { Programs } from "./options.ts";
import type { Pace } from "./pace.ts";
import type { Progress } from "./progress.ts";
import type { Strike } from "./schedule.ts";

/** What the kills of a soak need, and who hears of them. */
export interface Battlefield {
  stage: Stage;
  crew: Crew;
  programs: Programs;
  progress: Progress;
  pace: Pick<Pace, "beginWorkerKill" | "beginBrokerKill" | "endKill">;
  /** Is told of each kill that has its witness. */
  struck(strike: Strike): void;
}

/**
 * Kills by the schedule, one after the other.
 *
 * @param signal ends it before the next kill.
 */
export async function strikeAll(
  field: Battlefield,
  schedule: readonly Strike[],
  signal: AbortSignal,
): Promise<void> {
  for (const strike of schedule) {
    const victims = await reached(field.progress, strike, signal);
    if (signal.aborted) return;
    if (victims.length === 0) throw tooFew(strike);
    if (strike.fault === "broker-kill") await killBroker(field);
    else await killWorker(field, strike, victims);
    field.pace.endKill();
    field.struck(strike);
  }
}

/** Waits for as many acks as come first, and for workers with something to lose; none at the end. */
function reached(progress: Progress, { after }: Strike, signal: AbortSignal): Promise<string[]> {
  const isReached = () => {
    if (signal.aborted || progress.isOver) return [];
    return progress.acked >= after && progress.busy.length > 0 && progress.busy;
  };
  const source = alsoOn(signal, progress);
  return untilMoving(`${after} acks, and a worker with a task`, progress, isReached, { source });
}

function tooFew({ fault, after }: Strike): SetupError {
  return new SetupError(
    `Every task was done before the ${fault} that was to come after ${after} acks: ` +
      "ask for more --messages, or for fewer kills.",
  );
}

async function killBroker({ stage, pace }: Battlefield): Promise<void> {
  pace.beginBrokerKill();
  await restartBroker(stage, "SIGKILL");
}

async function killWorker(
  { crew, pace, programs: { worker } }: Battlefield,
  { whom }: Strike,
  victims: string[],
): Promise<void> {
  const victim = victims[whom % victims.length];
  if (victim === undefined) throw new Error("There is no worker at work to kill");
  pace.beginWorkerKill();
  await crew.kill(victim, worker);
}

function alsoOn(signal: AbortSignal, source: Source): Source {
  return {
    subscribe(changed) {
      const stop = source.subscribe(changed);
      const aborted = () => changed();
      signal.addEventListener("abort", aborted);
      return () => {
        stop();
        signal.removeEventListener("abort", aborted);
      };
    },
  };
}

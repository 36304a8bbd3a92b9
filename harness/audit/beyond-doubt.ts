import { join } from "node:path";
import { SetupError } from "../errors.ts";
import { runsRoot } from "../scenario/run-directory.ts";
import { absenceOf } from "./arrival.ts";
import type { Court } from "./court.ts";
import type { Tried } from "./run-trial.ts";
import { WORKER } from "./stand.ts";

/**
 * Why the control run says nothing about the worker, if it does not.
 *
 * @throws {SetupError} when the worker never consumed: then there is nothing to audit.
 */
export async function beyondDoubt(
  { result, queue, events, error }: Tried,
  { options, run }: Court,
): Promise<string | undefined> {
  const own = events.filter((event) => "subject" in event && event.subject === WORKER);
  const consumes = own.some((event) => event.type === "consuming" && event.queue === queue);
  if (!consumes) {
    if (error instanceof SetupError) throw error;
    const log = join(runsRoot(), run, result.directory ?? "", "logs", `${WORKER}.log`);
    throw await absenceOf({ worker: WORKER, queue, ready: options.ready, events, log });
  }
  const asked = own.some(({ type }) => type === "effect-requested");
  const acked = own.filter(({ type }) => type === "acked").length;
  if (options.effects.kind !== "sink" || asked || acked === 0) return undefined;
  return `The worker acked ${acked} times and never called EFFECT_URL, so its work was not seen. Let it do its work by POST $EFFECT_URL/<id>, or say where its work shows: --effects log, probe, queue or none.`;
}

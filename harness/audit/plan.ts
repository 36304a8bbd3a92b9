import { SetupError } from "../errors.ts";
import type { AuditOptions } from "./options.ts";
import type { Trial } from "./trial.ts";
import { brokers } from "./trials/brokers.ts";
import { control, controlWithPeers } from "./trials/controls.ts";
import { cuts } from "./trials/cuts.ts";
import { deaths } from "./trials/deaths.ts";
import { departures } from "./trials/departures.ts";
import { failure } from "./trials/failure.ts";
import { poison } from "./trials/poison.ts";

/** Every trial that follows the control run and the self-check. */
export const TRIALS: readonly Trial[] = [
  ...deaths,
  ...departures,
  ...cuts,
  ...brokers,
  failure,
  poison,
  controlWithPeers,
];

/**
 * Those that an audit is asked for. A whole name asks for that trial alone, also where others' names
 * contain it; the control run's asks for no other.
 *
 * @throws {SetupError} when there are none.
 */
export function planOf({ quick, only, workers }: AuditOptions): Trial[] {
  const wanted = TRIALS.filter((trial) => !quick || trial.quick);
  if (only === control.name) return [];
  const named = wanted.filter(({ name }) => name === only);
  const found =
    named.length > 0
      ? named
      : wanted.filter(({ name }) => only === undefined || name.includes(only));
  if (found.length === 0) {
    const names = wanted.map(({ name }) => `  ${name}`).join("\n");
    throw new SetupError(`No trial's name contains "${only}". The trials are:\n${names}`);
  }
  return found.map((trial) => (trial.workers > 1 ? { ...trial, workers } : trial));
}

/** What to ask for to have a trial again: the self-checks come with the control run, of any audit. */
export function planned(name: string): string {
  return TRIALS.some((trial) => trial.name === name) ? name : control.name;
}

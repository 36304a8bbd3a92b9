import type { AuditOptions } from "./options.ts";
import type { Trial } from "./trial.ts";
import { brokers } from "./trials/brokers.ts";
import { controlWithPeers } from "./trials/controls.ts";
import { cuts } from "./trials/cuts.ts";
import { deaths } from "./trials/deaths.ts";
import { departures } from "./trials/departures.ts";
import { poison } from "./trials/poison.ts";

/** Every trial that follows the control run and the self-check. */
export const TRIALS: readonly Trial[] = [
  ...deaths,
  ...departures,
  ...cuts,
  ...brokers,
  poison,
  controlWithPeers,
];

/** Those that an audit is asked for. */
export function planOf({ quick, only, workers }: AuditOptions): Trial[] {
  return TRIALS.filter((trial) => !quick || trial.quick)
    .filter(({ name }) => only === undefined || name.includes(only))
    .map((trial) => (trial.workers > 1 ? { ...trial, workers } : trial));
}

import type { RunReport } from "../../../harness/report/run-report.ts";
import { seconds } from "../../../harness/report/text.ts";
import type { Sample } from "../sample.ts";

/** Where a run's time went, in milliseconds. */
export interface SuiteTime {
  experiments: number;
  /** From the command to its last word. */
  wall: number;
  /** Until the brokers of all lanes were up, side by side. */
  first: number;
  /** Of brokers that experiments have restarted: the lanes' sum, shared among them. */
  restarts: number;
}

export function timeOf({ specs, time, lanes }: RunReport): SuiteTime {
  const restarts = specs.reduce((sum, spec) => sum + spec.time.boots, 0);
  return {
    experiments: specs.length,
    wall: time.wall,
    first: time.boot,
    restarts: restarts / Math.max(1, lanes),
  };
}

/** @param what was run. */
export function samplesOf(what: string, times: readonly SuiteTime[]): Sample[] {
  const each = (figure: (time: SuiteTime) => number) => times.map(figure);
  const { experiments = 0 } = times[0] ?? {};
  const of = (figure: string) => `${what}, ${experiments} experiments: ${figure}`;
  return [
    { what: of("wall time"), unit: "s", rounds: each(({ wall }) => wall / 1000) },
    { what: of("broker boots within it"), unit: "s", rounds: each((one) => boots(one) / 1000) },
    { what: of("boots / wall time"), unit: "", rounds: each((one) => boots(one) / one.wall) },
  ];
}

export function describeRun(time: SuiteTime): string[] {
  const { experiments, wall, first, restarts } = time;
  const share = ((boots(time) / wall) * 100).toFixed(0);
  return [
    `${experiments} experiments in ${seconds(wall)}, ${share} % of it broker boots: ` +
      `${seconds(first)} at first, ${seconds(restarts)} restarts`,
  ];
}

function boots({ first, restarts }: SuiteTime): number {
  return first + restarts;
}

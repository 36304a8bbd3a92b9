import type { Grounds } from "./grounds.ts";
import type { Plan } from "./plan/command.ts";
import { type Run, runPlan } from "./run-plan.ts";
import { type PlantedName, plantedNamed } from "./world/planted.ts";

export interface ReplayOptions {
  times: number;
  planted?: PlantedName | undefined;
  signal: AbortSignal;
}

/** Runs one plan again, so many times. What does not hold is kept. */
export async function replay(
  { shared, own }: Grounds,
  plan: Plan,
  { times, planted, signal }: ReplayOptions,
  onRun: (run: Run) => void,
): Promise<Run[]> {
  const runs: Run[] = [];
  const ground = shared ?? own[0];
  if (!ground) throw new Error("There is no broker to replay on");
  for (let n = 0; n < times && !signal.aborted; n++) {
    const broker = await ground.broker();
    const world = { planted: planted && plantedNamed(planted), keep: true };
    const told = { title: "explore", rerun: "explore --replay" };
    const run = await runPlan(plan, { broker, ...told, ...world });
    runs.push(run);
    onRun(run);
  }
  return runs;
}

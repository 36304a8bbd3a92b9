import { EFFECTS } from "../../ledger/subjects.ts";
import { Inconclusive } from "../../scenario/inconclusive.ts";
import { runShell, ShellFailure } from "../shell.ts";
import { parseCounts } from "./counts.ts";
import type { EffectSource, Sight } from "./effect-source.ts";
import { expectAny } from "./expect-any.ts";

/** Bytes; Linux refuses a longer variable. */
const LONGEST_VARIABLE = 100_000;

/**
 * A command that asks wherever the work has left its mark, and prints a line `id count` for each
 * task: `psql -Atc 'select id, count(*) from orders group by id'`. It finds the trial's ids, a line
 * each, on its standard input, and in `TASKS` where there are not too many for that.
 */
export function probeEffects(command: string): EffectSource {
  return {
    isLive: false,
    sees: true,
    gives: [],
    collect: (sight) => probe(command, sight),
  };
}

async function probe(command: string, sight: Sight): Promise<void> {
  const { history, environment, tasks } = sight;
  const input = tasks.join("\n");
  const isShort = Buffer.byteLength(input) < LONGEST_VARIABLE;
  const env = { ...environment, ...(isShort ? { TASKS: input } : {}) };
  const printed = await runShell({ name: "The probe", command, env, input }).catch(inconclusive);
  const counts = countsIn(printed, command, tasks);
  for (const [task, count] of counts) {
    for (let each = 0; each < count; each++) {
      history.record({ type: "effect-logged", subject: EFFECTS, task });
    }
  }
  const seen = printed.trim() === "" ? "nothing" : "no line about a task of this trial";
  expectAny(sight, `The probe printed ${seen}`, `does it look in the right place? ${command}`);
}

function countsIn(printed: string, command: string, tasks: readonly string[]) {
  try {
    return parseCounts(printed, new Set(tasks));
  } catch (error) {
    const { message } = error as Error;
    throw new Inconclusive([
      `The probe's output can't be read: ${message}. It must print lines "id count": ${command}`,
    ]);
  }
}

function inconclusive(error: unknown): never {
  if (error instanceof ShellFailure) throw new Inconclusive([error.message]);
  throw error;
}

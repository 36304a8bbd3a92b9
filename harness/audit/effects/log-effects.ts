import { Inconclusive } from "../../scenario/inconclusive.ts";
import { readEffectLog } from "../../sink/effect-log.ts";
import type { EffectSource, Sight } from "./effect-source.ts";

/** Each subject appends a line for each effect to a file of its own. */
export const logEffects: EffectSource = {
  isLive: false,
  sees: true,
  gives: ["EFFECT_LOG"],
  collect,
};

async function collect({ history, subjects, tasks, effectLog }: Sight): Promise<void> {
  const known = new Set(tasks);
  for (const subject of subjects) {
    const before = history.events.length;
    await readEffectLog(history, subject, effectLog(subject)).catch((error: Error) => {
      throw new Inconclusive([error.message]);
    });
    const stranger = history.events
      .slice(before)
      .find((event) => event.type === "effect-logged" && !known.has(event.task));
    if (stranger?.type !== "effect-logged") continue;
    const line = JSON.stringify(stranger.task.slice(0, 80));
    throw new Inconclusive([
      `The effect log of ${subject} has the line ${line}, and no task has that id: it must hold the ids of tasks, one in a line, and nothing else.`,
    ]);
  }
}

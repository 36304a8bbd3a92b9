import {
  type Conviction,
  conviction,
  type Evidence,
  type Explained,
  remainingOf,
} from "./evidence.ts";
import { poisonLoop } from "./sentences-of-workers.ts";

/**
 * Tasks that nobody can do, and that came round too often; or that came round while others waited
 * to the end. One that was put aside, in whatever way, within the allowed deliveries is fine.
 */
export function poisonLoops(evidence: Evidence, explained: ReadonlySet<string>): Explained {
  const limit = evidence.expectation.deliveries;
  const convictions: Conviction[] = [];
  const charged = new Set<string>();
  if (limit === undefined) return { convictions, tasks: charged };
  const remaining = remainingOf(evidence).filter((id) => !explained.has(id));
  for (const { id, poisoned, deliveries, seenBy } of evidence.tasks.all()) {
    if (!poisoned) continue;
    const others = remaining.filter((one) => !evidence.tasks.kept(one)?.poisoned);
    const isStarving = deliveries > 1 && remaining.includes(id) && others.length > 0;
    if (deliveries <= limit && !isStarving) continue;
    const subject = seenBy.length === 1 ? seenBy[0] : undefined;
    const sentence = isStarving
      ? poisonLoop.starving(id, deliveries, others)
      : poisonLoop.looped(id, deliveries, limit);
    const tasks = isStarving ? [id, ...others] : [id];
    convictions.push(conviction("poison loop", sentence, tasks, subject));
    for (const task of tasks) charged.add(task);
  }
  return { convictions, tasks: charged };
}

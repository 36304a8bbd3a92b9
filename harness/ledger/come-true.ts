import type { Conviction, Evidence } from "./evidence.ts";
import { alsoAtRisk } from "./sentences.ts";
import type { Task } from "./task.ts";

/**
 * A subject that lost tasks by acking them before their effect did the same with those whose effect
 * happened all the same: that is one fault, told once, as the loss that came of it.
 *
 * @param ends what became of tasks.
 * @param risks which subjects put tasks at risk, and which tasks.
 * @returns both, without the risks that have come true.
 */
export function comeTrue(
  ends: readonly Conviction[],
  risks: readonly Conviction[],
  { tasks, expectation }: Evidence,
): Conviction[] {
  // A loss that is accepted must not hide what is not.
  if (expectation.convictions !== "all" || expectation.allow?.includes("lost")) {
    return [...ends, ...risks];
  }
  const told = new Set<Conviction>();
  const withRisks = ends.map((end) => {
    const { subject } = end;
    const isByAck = end.tasks.some((id) => isLostByAck(tasks.kept(id), subject));
    if (end.kind !== "lost" || subject === undefined || !isByAck) return end;
    const same = risks.filter((risk) => risk.subject === subject);
    for (const risk of same) told.add(risk);
    const others = same.flatMap((risk) => risk.tasks.filter((id) => !end.tasks.includes(id)));
    if (others.length === 0) return end;
    return { ...end, sentence: `${end.sentence} ${alsoAtRisk(new Set(others).size)}` };
  });
  return [...withRisks, ...risks.filter((risk) => !told.has(risk))];
}

/** The broker had forgotten it before its effect, by the subject's own ack or an automatic one. */
function isLostByAck(task: Task | undefined, subject: string | undefined): boolean {
  if (task === undefined || subject === undefined) return false;
  const isAutomatic = task.settlements.at(-1)?.how === "automatic";
  return isAutomatic || task.ackedEarlyBy.includes(subject);
}

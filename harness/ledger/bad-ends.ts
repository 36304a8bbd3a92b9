import type { ConvictionKind } from "./convictions.ts";
import { causeOfDuplicate } from "./duplicates.ts";
import { type Conviction, conviction, type Evidence } from "./evidence.ts";
import type { Fate } from "./fates.ts";
import { Grouped } from "./grouped.ts";
import type { Life } from "./lives.ts";
import { bad } from "./sentences.ts";
import type { Task } from "./task.ts";

/** Why a task ended badly, and who did it, as far as its own record tells. */
export interface Cause {
  how: keyof typeof bad;
  subject?: string;
}

/**
 * What became of tasks that it should not.
 *
 * @param explained remaining tasks that another conviction tells of.
 */
export function badEnds(
  evidence: Evidence,
  lives: readonly Life[],
  explained: ReadonlySet<string>,
): Conviction[] {
  const grouped = new Grouped<keyof typeof bad>();
  for (const [id, fate] of evidence.fates) {
    if (fate === "remaining" && explained.has(id)) continue;
    const task = evidence.tasks.kept(id);
    const cause = task && causeOf(task, fate, evidence, lives);
    if (cause) grouped.add(cause.how, cause.subject ?? "", id);
  }
  return [...grouped.all()].map(({ kind: how, about, tasks }) => {
    const { kind, sentence } = bad[how] as { kind: ConvictionKind; sentence: Sentence };
    return conviction(kind, sentence([...tasks], about), tasks, about);
  });
}

type Sentence = (ids: string[], who: string) => string;

function causeOf(task: Task, fate: Fate, evidence: Evidence, lives: readonly Life[]): Cause | null {
  switch (fate) {
    case "lost":
      return causeOfLoss(task, evidence);
    case "duplicated":
      return causeOfDuplicate(task, lives);
    case "remaining":
      if (task.poisoned && task.deliveries > 0) return { how: "not put aside" };
      return { how: task.deliveries > 0 ? "not finished" : "not taken" };
    case "unexpected":
      return { how: "unexpected" };
    default:
      return null;
  }
}

function causeOfLoss(task: Task, { staleTags }: Evidence): Cause {
  const last = task.settlements.at(-1);
  if (last === undefined) return { how: "vanished" };
  const { how, subject } = last;
  if (how === "forged") return { how };
  if (how === "acked" && staleTags.isMisdirected(subject, task.id)) {
    return { how: "misdirected", subject };
  }
  return { how, subject };
}

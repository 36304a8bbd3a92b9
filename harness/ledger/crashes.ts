import type { EventOf } from "../history/event.ts";
import { type Conviction, conviction, type Evidence } from "./evidence.ts";
import { inWords } from "./fault-words.ts";
import { isToEnd, type Life } from "./lives.ts";
import { crash } from "./sentences-of-workers.ts";
import { underTest } from "./subjects.ts";
import type { Task } from "./task.ts";

type Fault = EventOf<"fault-injected">;

/** A process that ended although the harness had sent it no signal to end. */
type Crashed = Life & { exit: EventOf<"process-exited"> };

/**
 * The workers that ended by themselves, each with the tasks that it had in hand. An exit with code 0
 * is no better: nobody had asked for it. A SIGKILL by someone else is a contradiction, and not this.
 */
export function crashes(
  { faults, tasks }: Evidence,
  lives: readonly Life[],
  waiting: readonly string[],
): Conviction[] {
  const all = [...tasks.all()];
  return lives.filter(isCrashed).map((life) => {
    const { subject, exit } = life;
    const held = all.filter((task) => wasHeldBy(task, life));
    const poisoned = held.find((task) => task.poisoned);
    const cause = causeOf(faults, life, poisoned);
    const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal;
    const isQuiet = exit.code === 0 && exit.signal === null;
    const ids = new Set([...held.map(({ id }) => id), ...waiting]);
    const sentence = crash.exited(subject, isQuiet ? "ended by itself" : "crashed", how, {
      ...cause,
      tasks: [...ids],
    });
    return { ...conviction("crashed on", sentence, ids, subject), exited: true };
  });
}

export function isCrashed(life: Life): life is Crashed {
  const { subject, exit, signals } = life;
  if (exit === null || exit.signal === "SIGKILL" || !underTest(subject)) return false;
  return !signals.some(({ signal }) => isToEnd(signal));
}

/** What it crashed on: the task that nobody can do, if it had that in hand; or the last fault. */
function causeOf(faults: readonly Fault[], { subject, exit }: Life, poisoned: Task | undefined) {
  const fault = faults.findLast(({ seq }) => seq < (exit?.seq ?? 0));
  const after = fault === undefined ? "" : `, after ${inWords(fault, subject)}`;
  if (poisoned && !fault)
    return { after: `, on a task that can't be done`, advice: "task" } as const;
  return { after, advice: fault === undefined ? "none" : "fault" } as const;
}

/** Was it in this process's hand at its end? */
function wasHeldBy(task: Task, { subject, since, exit }: Crashed): boolean {
  return [...task.past, ...task.open].some((delivery) => {
    if (delivery.subject !== subject || !delivery.seen || delivery.answered) return false;
    if (delivery.seq < since || delivery.seq > exit.seq) return false;
    const { loss } = delivery;
    if (loss === null) return true;
    return loss.how === "connection" && !loss.clean && Math.abs(loss.at - exit.at) <= SAME_END;
  });
}

/** Milliseconds between the end of a process and that of its connections, at most. */
const SAME_END = 1_000;

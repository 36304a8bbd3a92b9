import type { Moment } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { describe, type Subject } from "../workers/subject.ts";
import { type MomentOptions, reach } from "./moments.ts";
import { Injection, type Stage } from "./stage.ts";

/**
 * SIGKILL of a subject's process group at a moment. Its witness is its exit.
 *
 * @param find the subject, which may be started only after this was ordered.
 */
export async function kill(
  stage: Stage,
  name: string,
  find: () => Subject,
  fault: "worker-kill" | "producer-kill",
  options: MomentOptions,
): Promise<void> {
  const { task } = await reach(stage, name, options);
  await killReached(stage, find(), fault, { moment: options.at, task });
}

/** SIGKILL of a subject that stands at a moment. */
export async function killReached(
  { history, sink }: Stage,
  subject: Subject,
  fault: "worker-kill" | "producer-kill",
  when: { moment: Moment; task: string | null },
): Promise<void> {
  const { name } = subject;
  const injection = Injection.begin(history, { fault, target: name, ...when });
  const death = subject.kill();
  // The call that was held dies with its caller: the effect does not happen.
  sink.abandon(name);
  await death;
  injection.witnessed(exitOf(history, subject));
}

/** What the operating system said of a subject's end. */
function exitOf(history: History, { name, pid }: Subject): string {
  const exit = history.events.findLast(
    (event) => event.type === "process-exited" && event.subject === name && event.pid === pid,
  );
  if (exit?.type !== "process-exited") throw new Error(`${name} (pid ${pid}) outlived its kill`);
  return `${name} (pid ${pid}) ended: ${describe(exit)}`;
}

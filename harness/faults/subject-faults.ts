import type { Moment } from "../history/event.ts";
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
  if (subject.state !== "terminated")
    throw new Error(`${name} (pid ${subject.pid}) outlived its kill`);
  const exit = describe(await subject.exited);
  injection.witnessed(`${name} (pid ${subject.pid}) ended: ${exit}`);
}

import type { Subject } from "../workers/subject.ts";
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
  const subject = find();
  const injection = Injection.begin(stage.history, {
    fault,
    target: name,
    moment: options.at,
    task,
  });
  const death = subject.kill();
  // The call that was held dies with its caller: the effect does not happen.
  stage.sink.abandon(name);
  await death;
  injection.witnessed(`${name} (pid ${subject.pid}) died of SIGKILL`);
}

/** A network failure at a moment: every connection of the subject is gone, the subject is not. */
export async function cutConnection(
  stage: Stage,
  subject: string,
  options: MomentOptions,
): Promise<void> {
  const { history, link } = stage;
  const { task } = await reach(stage, subject, options);
  const closed = new Promise<void>((resolve) => {
    const stop = history.subscribe((event) => {
      if (event.type !== "connection-closed" || event.subject !== subject) return;
      stop();
      resolve();
    });
  });
  const injection = Injection.begin(history, {
    fault: "connection-cut",
    target: subject,
    moment: options.at,
    task,
  });
  const cut = link.cut(subject);
  if (cut === 0) throw new Error(`${subject} had no connection to cut`);
  await closed;
  injection.witnessed(`the broker has ended ${cut} connection of ${subject}`);
}

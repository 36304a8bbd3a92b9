import type { Sight } from "../../../../harness/audit/effects/effect-source.ts";
import { identify } from "../../../../harness/audit/identity.ts";
import { History } from "../../../../harness/history/history.ts";

/** A trial of these tasks that has run, and in which nobody has looked for effects yet. */
export function sightOf(tasks: string[], besides: Partial<Sight> = {}): Sight {
  return {
    history: new History(),
    environment: {},
    tasks,
    subjects: ["worker-1"],
    effectLog: () => "/nowhere",
    identify: identify("messageId", (id) => tasks.includes(id)),
    connect: () => Promise.reject(new Error("nobody has a broker here")),
    ...besides,
  };
}

/** A worker has acked these. */
export function acked({ history }: Sight, ...tasks: string[]): void {
  const where = { subject: "worker-1", connection: 1, channel: 1 };
  history.record({ type: "acked", tasks, tag: 1, multiple: false, ...where });
}

/** The effects that were recorded, by who is said to have done them. */
export function logged({ history }: Sight): [string, string][] {
  return history.events.flatMap((event) =>
    event.type === "effect-logged" ? [[event.subject, event.task]] : [],
  );
}

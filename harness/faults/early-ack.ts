import type { EventOf } from "../history/event.ts";
import { until, within } from "../until.ts";
import type { Subject } from "../workers/subject.ts";
import { type MomentOptions, reach } from "./moments.ts";
import { Injection, type Stage } from "./stage.ts";
import { killReached } from "./subject-faults.ts";

/** When a loss or a duplicate is planted: at the n-th task from now on, within a deadline. */
export type PlantOptions = Omit<MomentOptions, "at">;

/** Milliseconds for what is on its way already. */
const ARRIVAL_DEADLINE = 5_000;

/**
 * Loses a task for certain, in the subject's name: keeps a delivery from it, acks that in its place,
 * and kills it once the broker has processed the ack. A subject with automatic acks needs no such
 * help. Its witnesses are the broker, which answers behind the ack, and the subject's exit.
 *
 * @param find the subject, which may be started only after this was ordered.
 * @returns the task's id: exactly this one must be found lost.
 * @throws {MissedDeadline} when the subject is sent nothing.
 * @throws {Error} when the delivery has no `messageId`, so that nobody could find it again.
 */
export async function plantLoss(
  stage: Stage,
  name: string,
  find: () => Subject,
  options: PlantOptions = {},
): Promise<string> {
  const { history, link, sink } = stage;
  const { task, held } = await reach(stage, name, { ...options, at: "delivered" });
  if (task === null || !held) throw new Error(`${name} was sent a task without a messageId`);
  const subject = find();
  const about = { fault: "early-ack", target: name, moment: "delivered", task } as const;
  const since = history.events.length;
  const injection = Injection.begin(history, about);
  held.drop();
  const delivery = await until(
    `the rest of ${task}`,
    history,
    () => history.events.slice(since).find((event) => isOf(event, held.connection, task)),
    { deadline: ARRIVAL_DEADLINE },
  );
  if (!delivery.noAck) {
    const processed = link.forgeAck(delivery);
    await within(`the broker to process the ack of ${task}`, processed, ARRIVAL_DEADLINE);
  }
  const death = subject.kill();
  sink.abandon(name);
  await death;
  const how = delivery.noAck ? "settled by itself" : "answered by the broker behind its ack";
  injection.witnessed(`${task} was ${how}, and ${name} (pid ${subject.pid}) killed by SIGKILL`);
  return task;
}

function isOf(
  event: Stage["history"]["events"][number],
  connection: number,
  task: string,
): event is EventOf<"delivered"> {
  return event.type === "delivered" && event.connection === connection && event.task === task;
}

/**
 * Has a task done twice for certain, in the subject's name: lets it do the effect, keeps the ack from
 * the broker, and kills it. Whoever works next is sent the task again.
 *
 * @param find the subject, which may be started only after this was ordered.
 * @returns the task's id: exactly this one must be found duplicated.
 * @throws {MissedDeadline} when the subject does not ack, as one with automatic acks.
 * @throws {Error} when what it acks has no `messageId`.
 */
export async function plantDuplicate(
  stage: Stage,
  name: string,
  find: () => Subject,
  options: PlantOptions = {},
): Promise<string> {
  const { task } = await reach(stage, name, { ...options, at: "ack-held" });
  if (task === null) throw new Error(`${name} acked a task without a messageId`);
  await killReached(stage, find(), "worker-kill", { moment: "ack-held", task });
  return task;
}

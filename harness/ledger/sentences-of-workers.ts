import { counted, tasksNamed } from "./words.ts";

/** What is said of how workers live, and end: what they did, why it matters, what to change. */

const SURVIVE = {
  fault:
    "Listen for the error and the close of connection and channel, and connect again after a pause that grows.",
  task: "Catch what a task throws, and reject the task without requeue.",
  none: "A worker runs until it is told to end.",
} as const;

export const crash = {
  exited: (
    who: string,
    what: "crashed" | "ended by itself",
    how: string,
    why: { after: string; advice: keyof typeof SURVIVE; tasks: string[] },
  ) => {
    const left = why.tasks.length === 0 ? "" : `, and left ${tasksNamed(why.tasks)} behind`;
    return `${who} ${what} (${how})${why.after}${left}: nobody had told it to end. ${SURVIVE[why.advice]}`;
  },
  hungAway: (who: string, after: string, ids: string[], silence: number) =>
    `${who} hangs${after}: its process is alive, has no connection, and had done nothing for ${seconds(silence)} while ${tasksNamed(ids)} waited. ${SURVIVE.fault} Give every wait a deadline, and leave heartbeats on.`,
  hungHolding: (who: string, after: string, ids: string[], silence: number) =>
    `${who} hangs${after}: it holds ${tasksNamed(ids)}, and had neither done nor answered anything for ${seconds(silence)}. Give every wait a deadline, and answer each delivery, whatever becomes of its work.`,
  unanswered: (
    who: string,
    after: string,
    why: { tasks: string[]; refusals: readonly number[]; silence: number },
  ) => {
    const statuses = why.refusals.map((status) => `HTTP ${status}`).join(", ");
    const refused = statuses === "" ? "" : `, whose effect was refused with ${statuses}`;
    return `${who} never acked, rejected or gave back ${tasksNamed(why.tasks)}${refused}${after}: it did other tasks since, and had then done nothing for ${seconds(why.silence)}. Answer each delivery, whatever becomes of its work${statuses === "" ? ", and give every wait a deadline" : ""}.`;
  },
};

export function notConsuming(who: string, ids: string[], loss: string): string {
  return `${who} was connected and had no consumer (${loss}), while ${tasksNamed(ids)} waited. Consume again whenever the consumer is cancelled, its channel is closed, or the connection is a new one.`;
}

export const drainFailed = {
  late: (who: string, ids: string[], waited: number) =>
    `${who} had not ended ${seconds(waited)} after SIGTERM, and was killed${withTasks(ids)}. Handle SIGTERM: stop consuming, finish or give back what is in hand, close the connection, and exit.`,
  unhandled: (who: string, ids: string[]) =>
    `${who} was ended by SIGTERM itself, with ${tasksNamed(ids)} in hand. Handle SIGTERM (and run the worker directly, or under a shell that passes signals on): finish or give back what is in hand, then exit.`,
  greedy: (who: string, ids: string[]) =>
    `${who} went on to take ${counted(ids.length, "new task")} after SIGTERM (${ids.slice(0, 5).join(", ")}). Cancel the consumer as soon as SIGTERM comes, and begin nothing that is delivered after it.`,
  wrong: (who: string, how: string) =>
    `${who} answered SIGTERM with ${how}, which a supervisor takes for a crash. Exit with code 0 once everything in hand is finished or given back.`,
};

export const poisonLoop = {
  looped: (id: string, times: number, limit: number) =>
    `Poison loop: 1 task (${id}) that can't be done was delivered ${counted(times, "time")}, and ${limit} are allowed. Reject it without requeue after a few attempts, to a queue that dead-letters it.`,
  starving: (id: string, times: number, starved: string[]) =>
    `Poison loop: 1 task (${id}) that can't be done was delivered ${counted(times, "time")}, while ${tasksNamed(starved)} waited to the end. Reject it without requeue after a few attempts, to a queue that dead-letters it.`,
};

function withTasks(ids: string[]): string {
  return ids.length === 0 ? "" : ` with ${tasksNamed(ids)} in hand`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

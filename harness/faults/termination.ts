import type { Event } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { MissedDeadline, until, within } from "../until.ts";
import { describe, type Exit, type Subject } from "../workers/subject.ts";
import { type MomentOptions, reach } from "./moments.ts";
import { Injection, type Stage } from "./stage.ts";

export interface TerminationOptions extends MomentOptions {
  /** Milliseconds from SIGTERM to its exit, and that of its whole process group. */
  drain: number;
}

/** How a subject left that was asked to. */
export interface Leaving {
  exit: Exit;
  /** False where it was still there at the deadline, and was killed. */
  inTime: boolean;
  /** Milliseconds from SIGTERM to its end. */
  took: number;
}

/** Milliseconds in which a program that is told of SIGTERM while it works shows that it has heard. */
const HEARS = 250;

/** How it shows that on the wire, or by its end. */
const HEARD: readonly Event["type"][] = [
  "consumer-cancelled",
  "rejected",
  "channel-closed",
  "connection-closed",
  "process-exited",
];

/**
 * SIGTERM to a subject's process group at a moment, as a deployment sends it. Once it has heard, or
 * had the time to, what was held goes on, and every effect that it asks for happens: it is able to
 * finish. Past the deadline it is killed. Its witness is its exit, or that it was still there.
 *
 * @param find the subject, which may be started only after this was ordered.
 * @throws {MissedDeadline} when the subject never reaches the moment.
 */
export async function terminate(
  stage: Stage,
  name: string,
  find: () => Subject,
  options: TerminationOptions,
): Promise<Leaving> {
  const { history, sink } = stage;
  const { task, held } = await reach(stage, name, options);
  const subject = find();
  const about = { fault: "worker-term", target: name, moment: options.at, task } as const;
  const injection = Injection.begin(history, about);
  const began = performance.now();
  const since = history.events.length;
  subject.signal("SIGTERM");
  // What it does at once, it does with its work in hand; but not past a hold of ours on the wire.
  if (!held) await untilHeard(history, name, since);
  held?.forward();
  sink.allow(name, Number.POSITIVE_INFINITY);
  const leaving = await leave(stage, subject, options.drain);
  const how = leaving.inTime ? describe(leaving.exit) : `still there after ${options.drain} ms`;
  injection.witnessed(`${name} (pid ${subject.pid}) was asked to leave: ${how}`);
  return { ...leaving, took: Math.round(performance.now() - began) };
}

async function untilHeard(history: History, name: string, since: number): Promise<void> {
  const hasHeard = () =>
    history.events
      .slice(since)
      .some((event) => "subject" in event && event.subject === name && HEARD.includes(event.type));
  const wait = { deadline: HEARS };
  await until(`${name} to hear of SIGTERM`, history, hasHeard, wait).catch((error) => {
    if (!(error instanceof MissedDeadline)) throw error; // It finishes first, and that is fine.
  });
}

async function leave({ sink }: Stage, subject: Subject, drain: number) {
  try {
    const exit = await within(`${subject.name} to leave`, subject.exited, drain);
    return { exit, inTime: true };
  } catch (error) {
    if (!(error instanceof MissedDeadline)) throw error;
  }
  const death = subject.end();
  sink.abandon(subject.name);
  return { exit: await death, inTime: false };
}

import { EVERYONE, type Holdable, type Moment } from "../history/event.ts";
import type { Held } from "../link/hold.ts";
import { DEADLINE, MissedDeadline, until, within } from "../until.ts";
import type { Stage } from "./stage.ts";

/** A subject that stands at a named point, until the fault has struck it. */
export interface Reached {
  task: string | null;
  /** What stands in the link meanwhile, if the moment is about that. */
  held?: Held;
}

export interface MomentOptions {
  at: Moment;
  /** The n-th time that the subject reaches it from now on; 1 when left out. */
  nth?: number;
  /** Milliseconds that it may take to get there; `DEADLINE` when left out. */
  deadline?: number;
  /** It acks before the effect: mid-task, it stands only once the link has that ack, or a little later. */
  acksFirst?: boolean;
  /** What has to be so besides, once it stands there: the fault waits for that, too. */
  besides?: () => Promise<void>;
}

/** Milliseconds for an ack to be sent that was written before its effect was asked for. */
const ACK_ON_ITS_WAY = 500;

export const NOW: MomentOptions = { at: "now" };

const HELD_AT: Partial<Record<Moment, Holdable>> = {
  delivered: "delivery",
  "ack-held": "ack",
  "after-ack": "ack",
  "publish-held": "publish",
  "confirm-held": "confirm",
};

/**
 * Lets a subject go on until it stands at a moment, and keeps it there:
 *
 * - `delivered`: the broker has sent it a task, and the link holds the delivery;
 * - `mid-task`: it has asked for a task's effect, and the sink holds the request;
 * - `ack-held`: the effect is done, and the link holds the ack;
 * - `after-ack`: the broker has processed the ack, and has sent the next task for it (needs a
 *   prefetch of one, and another task);
 * - `publish-held`, `confirm-held`: the link holds a publish, or its confirm;
 * - `now`: wherever it is.
 *
 * The order is armed before this returns its promise, so it can be given before there is traffic.
 *
 * @throws MissedDeadline when the subject never gets there.
 */
export async function reach(
  stage: Stage,
  subject: string,
  options: MomentOptions,
): Promise<Reached> {
  const reached = await arrive(stage, subject, options);
  await options.besides?.();
  return reached;
}

function arrive(stage: Stage, subject: string, options: MomentOptions): Promise<Reached> {
  const { at, nth = 1, deadline = DEADLINE, acksFirst = false } = options;
  if (at === "now") return Promise.resolve({ task: null });
  if (subject === EVERYONE) throw new Error(`The moment "${at}" is one subject's: name it`);
  if (at === "mid-task") {
    const reached = reachMidTask(stage, subject, nth, deadline);
    return acksFirst ? reached.then((one) => onceAcked(stage, subject, one)) : reached;
  }
  const what = HELD_AT[at];
  if (!what) throw new Error(`There is no moment "${at}"`);
  const { landed } = stage.link.hold({ subject, what, nth });
  return reachHeld(stage, subject, at, within(`${subject} to reach "${at}"`, landed, deadline));
}

async function reachMidTask(
  { sink, history }: Stage,
  subject: string,
  nth: number,
  deadline: number,
) {
  sink.allow(subject, nth - 1);
  const [request] = await until(
    `${subject} to be mid-task for the ${nth}. time`,
    history,
    () => sink.allowance(subject) === 0 && sink.held(subject).length > 0 && sink.held(subject),
    { deadline, lastSeen: () => `${sink.held().length} held effects, none of them its own` },
  );
  return { task: request?.task ?? null };
}

/** A client may send an ack after the request for the effect, though it wrote the ack before it. */
async function onceAcked({ history }: Stage, subject: string, reached: Reached): Promise<Reached> {
  const { task } = reached;
  const isAcked = () =>
    history.events.some(
      (event) => event.type === "acked" && event.subject === subject && event.tasks.includes(task),
    );
  const wait = { deadline: ACK_ON_ITS_WAY };
  await until(`the ack of ${task} by ${subject}`, history, isAcked, wait).catch((error) => {
    if (!(error instanceof MissedDeadline)) throw error; // It does not ack every task as early.
  });
  return reached;
}

async function reachHeld(stage: Stage, subject: string, at: Moment, landed: Promise<Held>) {
  stage.sink.allow(subject, Number.POSITIVE_INFINITY);
  const held = await landed;
  stage.sink.allow(subject, 0);
  const task = held.tasks[0] ?? null;
  if (at !== "after-ack") return { task, held };
  await answered(stage, subject, held);
  return { task };
}

/**
 * Nothing on the wire says that the broker has processed an ack; a prefetch of one does, because
 * the next task is sent only then.
 */
async function answered({ history }: Stage, subject: string, held: Held): Promise<void> {
  const since = history.events.length;
  held.forward();
  await until(`the broker to answer the ack of ${subject} with its next task`, history, () =>
    history.events
      .slice(since)
      .some((event) => event.type === "delivered" && event.subject === subject),
  );
}

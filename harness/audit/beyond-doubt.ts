import { join } from "node:path";
import { SetupError } from "../errors.ts";
import type { Event } from "../history/event.ts";
import { shown } from "../report/audit-shown.ts";
import { runsRoot } from "../scenario/run-directory.ts";
import { absenceOf } from "./arrival.ts";
import type { Court } from "./court.ts";
import type { Tried } from "./run-trial.ts";
import { WORKER } from "./stand.ts";

/**
 * The control run as it counts: one in which nothing of the worker's work was seen convicts it of
 * nothing, since it may well have been done elsewhere.
 *
 * @throws {SetupError} when the worker never consumed: then there is nothing to audit.
 */
export async function beyondDoubt(tried: Tried, { options, run }: Court): Promise<Tried> {
  const { result, queue, events, error, left } = tried;
  const own = events.filter((event) => "subject" in event && event.subject === WORKER);
  const consumes = own.some((event) => event.type === "consuming" && event.queue === queue);
  if (!consumes) {
    if (error instanceof SetupError) throw error;
    const log = join(runsRoot(), run, result.directory ?? "", "logs", `${WORKER}.log`);
    const { queue: named, ready } = options;
    throw await absenceOf({ worker: WORKER, queue, named, ready, events, left, log });
  }
  switch (options.effects.kind) {
    case "sink":
      if (own.some(({ type }) => type === "effect-requested")) return tried;
      return unproven(tried, [
        `${didInstead(own)} and never called EFFECT_URL, so its work was not seen.`,
        ...straysIn(tried),
        CALL_THE_SINK,
      ]);
    case "log":
      if (!isAllUnlogged(own, tried)) return tried;
      return unproven(tried, [
        `${didInstead(own)} and wrote nothing to the file that EFFECT_LOG names, so its work was not seen.`,
        WRITE_THE_LOG,
      ]);
    default:
      return tried; // A probe or a queue that shows nothing has told so itself.
  }
}

const CALL_THE_SINK =
  "Let it do its work by POST $EFFECT_URL/<id>, or say where its work shows: --effects log, probe, queue or none.";

const WRITE_THE_LOG =
  "Let it append the task's id and a line feed there for each effect, or say where its work shows: --effects sink, probe, queue or none.";

/**
 * Did it ack tasks, and log not one? A worker that rejects all of them is seen to do so, and a log
 * that can't be read is a doubt already.
 */
function isAllUnlogged(own: readonly Event[], { events, result }: Tried): boolean {
  if (result.outcome === "inconclusive") return false;
  if (events.some(({ type }) => type === "effect-logged")) return false;
  return own.some(({ type }) => type === "acked");
}

/** What a worker did whose work was not seen, to begin a sentence with. */
function didInstead(own: readonly Event[]): string {
  const count = (type: Event["type"]) => own.filter((event) => event.type === type).length;
  const did = [
    `was sent ${tasks(count("delivered"))}`,
    ...(count("acked") > 0 ? [`acked ${times(count("acked"))}`] : []),
    ...(count("rejected") > 0 ? [`rejected ${times(count("rejected"))}`] : []),
  ];
  return `The worker ${did.join(", ")}`;
}

/** What it asked of the sink that is no effect. */
function straysIn({ strays }: Tried): string[] {
  if (strays.count === 0) return [];
  const last = strays.last === undefined ? "" : `, such as ${shown(strays.last)}`;
  return [
    `It sent ${strays.count === 1 ? "a request" : `${strays.count} requests`} there that ${strays.count === 1 ? "is" : "are"} no effect${last}.`,
  ];
}

function unproven(tried: Tried, sentences: readonly string[]): Tried {
  const { published = 0, confirmed = 0 } = tried.result.account;
  const result = {
    ...tried.result,
    outcome: "inconclusive" as const,
    reasons: [sentences.join(" ")],
    account: { published, confirmed },
    convictions: [],
  };
  return { ...tried, result, charges: [] };
}

function tasks(count: number): string {
  return count === 1 ? "1 task" : `${count} tasks`;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

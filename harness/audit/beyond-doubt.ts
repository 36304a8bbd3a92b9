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
  const asked = own.some(({ type }) => type === "effect-requested");
  if (options.effects.kind !== "sink" || asked) return tried;
  return unproven(tried, [...didInstead(own, tried), WHAT_TO_DO]);
}

const WHAT_TO_DO =
  "Let it do its work by POST $EFFECT_URL/<id>, or say where its work shows: --effects log, probe, queue or none.";

/** What a worker did that never called the sink. */
function didInstead(own: readonly Event[], { strays }: Tried): string[] {
  const count = (type: Event["type"]) => own.filter((event) => event.type === type).length;
  const did = [
    `was sent ${tasks(count("delivered"))}`,
    ...(count("acked") > 0 ? [`acked ${times(count("acked"))}`] : []),
    ...(count("rejected") > 0 ? [`rejected ${times(count("rejected"))}`] : []),
  ];
  const never = `The worker ${did.join(", ")} and never called EFFECT_URL, so its work was not seen.`;
  const last = strays.last === undefined ? "" : `, such as ${shown(strays.last)}`;
  const stray = `It sent ${strays.count === 1 ? "a request" : `${strays.count} requests`} there that ${strays.count === 1 ? "is" : "are"} no effect${last}.`;
  return strays.count > 0 ? [never, stray] : [never];
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

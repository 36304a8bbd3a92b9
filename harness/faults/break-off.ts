import type { Event, NetworkFault } from "../history/event.ts";
import { covers, type Scope } from "../link/impairment.ts";
import { until } from "../until.ts";
import { type MomentOptions, type Reached, reach } from "./moments.ts";
import { type NetworkTarget, namesOf, scopeOf, subjectOf } from "./network-target.ts";
import { Injection, type Stage } from "./stage.ts";

/**
 * Ends connections at a moment. The subject lives on. Its witness is the broker, which ends them
 * too.
 *
 * @param strike returns how many connections it has ended.
 */
export async function breakOff(
  stage: Stage,
  fault: NetworkFault,
  target: NetworkTarget,
  options: MomentOptions,
  strike: (stage: Stage, scope: Scope, reached: Reached) => number,
): Promise<void> {
  const { history } = stage;
  const reached = await reach(stage, subjectOf(target), options);
  const scope = scopeOf(target);
  const since = history.events.length;
  const named = namesOf(target);
  const injection = Injection.begin(history, {
    fault,
    ...named,
    moment: options.at,
    task: reached.task,
  });
  const struck = strike(stage, scope, reached);
  // It may stand in a connection of the subject that was spared.
  reached.held?.forward();
  if (struck === 0) throw new Error(`${named.target} had no connection to break off`);
  const ended = () => history.events.slice(since).filter((event) => isEndIn(scope, event)).length;
  await until(`the broker to end what was broken off`, history, () => ended() >= struck, {
    lastSeen: () => `${ended()} of ${struck} connections of ${named.target} ended`,
  });
  injection.witnessed(`the broker has ended ${struck} of ${named.target}'s connections`);
}

function isEndIn(scope: Scope, event: Event): boolean {
  return event.type === "connection-closed" && covers(scope, event.subject, event.connection);
}

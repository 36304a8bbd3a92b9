import type { EventOf } from "../history/event.ts";
import type { Evidence } from "./evidence.ts";

/** What is known of tasks that a subject has begun, and went on from without an answer. */
export interface PassedOver {
  /** The HTTP statuses with which their effects were refused, each once; none if one was not. */
  readonly refusals: readonly number[];
}

/**
 * Did it do other tasks after it had asked for the effect of each of these? Then it does not stand
 * still altogether. Null if not.
 */
export function passedOver(
  { tasks, effects }: Evidence,
  subject: string,
  stuck: readonly string[],
): PassedOver | null {
  const lastDone = effects.lastDoneBy(subject);
  const statuses: (number | undefined)[] = [];
  for (const id of stuck) {
    const events = (tasks.kept(id)?.events ?? []).filter(isOfEffect);
    const own = events.filter((event) => event.subject === subject);
    const asked = own.findLast(({ type }) => type === "effect-requested");
    if (asked === undefined || asked.seq > lastDone) return null;
    const last = own.at(-1);
    statuses.push(last?.type === "effect-refused" ? last.status : undefined);
  }
  const refusals = statuses.filter((status) => status !== undefined);
  return { refusals: refusals.length < statuses.length ? [] : [...new Set(refusals)] };
}

type OfEffect = EventOf<"effect-requested"> | EventOf<"effect-refused">;

function isOfEffect(event: { type: string }): event is OfEffect {
  return event.type === "effect-requested" || event.type === "effect-refused";
}

import type { Event, EventOf, Party } from "../history/event.ts";
import { MissedDeadline, until } from "../until.ts";
import type { Rig } from "./rig.ts";

/** How a connection ended on which one side heard nothing any more. */
export interface End {
  by: Party | "nobody";
  /**
   * How long the silence had lasted by then, in heartbeat timeouts. It began when the network fell
   * silent, or earlier: with the last word that the wire has on record.
   */
  atLeast: number;
  atMost: number;
}

/** After so many timeouts, a connection counts as one whose silence nobody notices. */
const PATIENCE = 8;

/**
 * Waits until the subject's first connection ends, since one side of it is silent.
 *
 * @param lastWord what the other side has heard last.
 * @param timeout the heartbeat's, in seconds.
 */
export async function endOfSilence(
  rig: Rig,
  subject: string,
  lastWord: "acked" | "delivered",
  timeout: number,
): Promise<End> {
  const { events } = rig.history;
  const isWord = (event: Event) =>
    event.type === lastWord && event.subject === subject && !event.dropped;
  const word = events.findLast(isWord);
  const fault = events.findLast(({ type }) => type === "fault-injected");
  if (!word || !fault) throw new Error(`Nothing was heard of ${subject} before a fault`);
  const end = await endOf(rig, subject, PATIENCE * timeout * 1000);
  if (!end) return { by: "nobody", atLeast: PATIENCE, atMost: Number.POSITIVE_INFINITY };
  const since = ({ at }: Event) => Math.round((end.at - at) / timeout / 100) / 10;
  return { by: end.by, atLeast: since(fault), atMost: since(word) };
}

async function endOf(
  { history }: Rig,
  subject: string,
  deadline: number,
): Promise<EventOf<"connection-closed"> | undefined> {
  const isEnd = (event: Event): event is EventOf<"connection-closed"> =>
    event.type === "connection-closed" && event.subject === subject;
  const end = () => history.events.find(isEnd);
  try {
    return await until(`${subject}'s connection to end`, history, end, { deadline });
  } catch (error) {
    if (error instanceof MissedDeadline) return undefined;
    throw error;
  }
}

import type { Event, EventOf } from "../history/event.ts";
import type { Delivery } from "./delivery.ts";

/** One process of a subject, from its start to its end. */
export interface Life {
  readonly subject: string;
  readonly pid: number;
  /** Where its start stands in the history. */
  readonly since: number;
  /** The signals that the harness sent it, in order. */
  readonly signals: EventOf<"process-signalled">[];
  exit: EventOf<"process-exited"> | null;
}

/** Milliseconds between the end of a process and that of its connections, at most. */
const SAME_END = 1_000;

/** Signals after which a process that ends has not ended by itself. */
export function isToEnd(signal: string): boolean {
  return signal !== "SIGSTOP" && signal !== "SIGCONT";
}

/** The processes of all subjects, in the order of their starts. */
export function livesOf(events: readonly Event[]): Life[] {
  const lives: Life[] = [];
  const running = new Map<string, Life>();
  for (const event of events) {
    if (event.type === "process-started") {
      const { subject, pid, seq: since } = event;
      const life: Life = { subject, pid, since, signals: [], exit: null };
      lives.push(life);
      running.set(subject, life);
    } else if (event.type === "process-signalled") {
      const life = running.get(event.subject);
      if (life?.pid === event.pid) life.signals.push(event);
    } else if (event.type === "process-exited") {
      const life = running.get(event.subject);
      if (life?.pid !== event.pid) continue;
      life.exit = event;
      running.delete(event.subject);
    }
  }
  return lives;
}

/** The process with which a delivery was lost, if it was its end that took the connection. */
export function endedWith({ loss, seq, subject }: Delivery, lives: readonly Life[]): Life | null {
  if (loss?.how !== "connection" || loss.by !== "client" || loss.clean) return null;
  const life = lives.findLast((one) => one.subject === subject && one.since < seq);
  if (!life?.exit || Math.abs(life.exit.at - loss.at) > SAME_END) return null;
  return life;
}

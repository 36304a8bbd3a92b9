import type { AuditConviction } from "./audit-result.ts";
import { shown } from "./audit-shown.ts";
import { shortLife } from "./audit-words.ts";
import { indent, wrap } from "./text.ts";

const MARGIN = 4;
const DEEPER = MARGIN + 2;
/** Lines of a life that are read at a glance: a fault, a death and what came before and after. */
const MOST = 10;
/** `+732.2 ms  `: what follows the time stays beside it. */
const TIME = /^\s*\+[\d.]+ ms {2}/;

/** The task that a conviction shows, and what happened to it, within a width. */
export function happenedAt({ tasks, life }: AuditConviction, width: number): string[] {
  const [task] = tasks;
  const lines = shortLife(life, MOST).flatMap((line) => hung(line, width - DEEPER));
  return [
    ...(task === undefined ? [] : [indent(`${shown(task)}:`, MARGIN)]),
    ...lines.map((line) => indent(line, DEEPER)),
  ];
}

/** A line of a life, broken beside its time. */
function hung(line: string, width: number): string[] {
  const [time = ""] = TIME.exec(line) ?? [];
  return wrap(line.slice(time.length), width - time.length).map((part, at) =>
    at === 0 ? time + part : " ".repeat(time.length) + part,
  );
}

import { readFile } from "node:fs/promises";
import { SetupError } from "../errors.ts";
import type { Event, EventOf } from "../history/event.ts";
import { shown } from "../report/audit-shown.ts";

/** Lines of a worker's own output that are quoted, characters of each, and bytes that are read. */
const QUOTED = 12;
const WIDEST = 200;
const LONGEST = 8_192;

/** A worker that was started and does not consume, and all that is known of it. */
export interface Absence {
  worker: string;
  queue: string;
  /** Milliseconds that it was given. */
  ready: number;
  /** From its start on. */
  events: readonly Event[];
  /** Where its output is. */
  log: string;
}

/** Why a worker does not consume, as far as the witnesses tell, and what to change. */
export async function absenceOf(absence: Absence): Promise<SetupError> {
  const output = await readFile(absence.log).catch(() => Buffer.from(""));
  const said = lastLines(output);
  const what = said === "" ? "It printed nothing." : `It printed:\n${said}`;
  return new SetupError(`${reason(absence)}\n${what}`);
}

function reason({ worker, queue, ready, events }: Absence): string {
  const own = events.filter((event) => "subject" in event && event.subject === worker);
  const find = <T extends Event["type"]>(type: T) =>
    own.find((event): event is EventOf<T> => event.type === type);
  const exit = find("process-exited");
  const seconds = `${ready / 1000} s`;
  const violation = find("protocol-violation");
  if (violation) {
    return `The worker's connection is no AMQP 0-9-1 (${violation.text}). Let it connect to AMQP_URL as it is: without TLS, by AMQP 0-9-1.`;
  }
  const elsewhere = own.find((event) => event.type === "consuming" && event.queue !== queue);
  if (elsewhere?.type === "consuming") {
    return `The worker consumes from "${elsewhere.queue}", and not from "${queue}". Let it read QUEUE, or say --queue ${elsewhere.queue}.`;
  }
  if (exit) {
    const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal;
    const began = find("connection-opened") ? "connected, and ended" : "ended";
    return `The worker ${began} before it consumed (${how}). A worker runs until it is asked to stop.`;
  }
  if (!find("connection-opened")) {
    return `The worker did not connect within ${seconds}. Let it connect to AMQP_URL; one that connects elsewhere can't be seen. A slow one gets more time by --ready.`;
  }
  const closed = own.find((event) => event.type === "channel-closed" && event.by === "broker");
  if (closed?.type === "channel-closed") {
    return `The broker closed the worker's channel before it consumed: ${closed.code} ${closed.text}`;
  }
  return `The worker connected, and did not consume from "${queue}" within ${seconds}. A slow one gets more time by --ready.`;
}

/** Of output that may be anything: what is no text is shown as such. */
function lastLines(output: Buffer): string {
  const lines = output.subarray(-LONGEST).toString("utf8").trimEnd().split("\n");
  return lines
    .slice(-QUOTED)
    .map((line) => `  ${shown(line).slice(0, WIDEST)}`)
    .join("\n");
}

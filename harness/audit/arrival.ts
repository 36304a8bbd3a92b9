import { readFile } from "node:fs/promises";
import { SetupError } from "../errors.ts";
import type { Event, EventOf } from "../history/event.ts";
import { shown } from "../report/audit-shown.ts";
import { lastLines } from "./last-lines.ts";

/** A worker that was started and does not consume, and all that is known of it. */
export interface Absence {
  worker: string;
  queue: string;
  /** The queue that the settings name. On a broker that is given, the trial's is called otherwise. */
  named: string;
  /** Milliseconds that it was given. */
  ready: number;
  /** From its start on. */
  events: readonly Event[];
  /** Processes that it had left behind when it ended. */
  left: number;
  /** Where its output is. */
  log: string;
}

/** Why a worker does not consume, as far as the witnesses tell; what to change; what it printed. */
export async function absenceOf(absence: Absence): Promise<SetupError> {
  const output = await readFile(absence.log).catch(() => Buffer.from(""));
  const said = lastLines(output);
  const what = said === "" ? "It printed nothing." : `It printed:\n${said}`;
  return new SetupError(`${reason(absence).join("\n")}\n${what}`);
}

/** What happened, and then what to do about it. */
type Reason = [string, ...string[]];

function reason(absence: Absence): Reason {
  const own = absence.events.filter(
    (event) => "subject" in event && event.subject === absence.worker,
  );
  return (
    notAmqp(own) ??
    elsewhere(own, absence) ??
    ended(own, absence) ??
    unconnected(own, absence) ??
    closed(own, absence) ?? [
      `The worker connected, and did not consume from "${absence.queue}" within ${inSeconds(absence)}.`,
      "Let it consume from the queue that QUEUE names as soon as it is connected.",
      SLOW,
    ]
  );
}

const SLOW = "One that takes longer to begin gets more time by --ready.";

function notAmqp(own: readonly Event[]): Reason | undefined {
  const violation = first(own, "protocol-violation");
  if (violation?.by !== "client") return undefined;
  const isTls = violation.text.includes("saw TLS");
  return [
    isTls
      ? "The worker speaks TLS to AMQP_URL, which is amqp:// and not amqps://."
      : `What the worker sends to AMQP_URL is no AMQP 0-9-1: ${shown(violation.text)}`,
    "Let it connect to AMQP_URL as it is: what goes through has to be read.",
  ];
}

function elsewhere(own: readonly Event[], absence: Absence): Reason | undefined {
  const { queue } = absence;
  const other = own.find((event) => event.type === "consuming" && event.queue !== queue);
  if (other?.type !== "consuming") return undefined;
  return [
    `The worker consumes from "${shown(other.queue)}", and not from "${queue}".`,
    whichQueue(other.queue, absence),
  ];
}

function whichQueue(known: string, { named }: Absence): string {
  // By that name it would be the user's own, in use for all that we know.
  if (known === named) {
    return "Let it read QUEUE: on a broker that is yours, the audit's queues have names of their own, unless --definitions or --setup declares them.";
  }
  return `Let it read QUEUE, or name the queue that it knows: --queue ${shown(known)}`;
}

/** By itself: one that we have ended did not end. */
function ended(own: readonly Event[], { left }: Absence): Reason | undefined {
  const exit = first(own, "process-exited");
  const signal = own.find(
    (event) => event.type === "process-signalled" && event.pid === exit?.pid && event.at < exit.at,
  );
  if (!exit || signal) return undefined;
  const how = exit.signal === null ? `exit code ${exit.code}` : `killed by ${exit.signal}`;
  if (left > 0) {
    const processes = left === 1 ? "1 process" : `${left} processes`;
    return [
      `The worker ended (${how}), and left ${processes} running: a daemon?`,
      "Let it stay in the foreground until it is asked to stop.",
      "What it left was killed.",
    ];
  }
  const when = first(own, "connection-opened") ? "connected, and ended" : "ended";
  return [
    `The worker ${when} before it consumed (${how}).`,
    "A worker runs until it is asked to stop.",
  ];
}

function unconnected(own: readonly Event[], absence: Absence): Reason | undefined {
  if (first(own, "connection-opened")) return undefined;
  return [
    `The worker did not connect to AMQP_URL within ${inSeconds(absence)}.`,
    "Let it connect there, and nowhere else: what goes elsewhere is not seen.",
    SLOW,
  ];
}

function closed(own: readonly Event[], absence: Absence): Reason | undefined {
  const end = own.find(
    (event): event is EventOf<"channel-closed" | "connection-closed"> =>
      (event.type === "channel-closed" || event.type === "connection-closed") &&
      event.by === "broker" &&
      event.code !== undefined,
  );
  if (!end) return undefined;
  const what = end.type === "channel-closed" ? "channel" : "connection";
  const text = shown(end.text ?? "");
  const told = `The broker closed the worker's ${what}: ${end.code} ${text}`;
  const [, missing] = /no queue '([^']+)'/.exec(text) ?? [];
  if (missing !== undefined && missing !== absence.queue) {
    return [told, whichQueue(missing, absence)];
  }
  if (text.includes("inequivalent arg")) {
    return [
      told,
      "It declares what is there already, and otherwise. Have the audit declare the same:",
      "--queue-type, --definitions <file> or --setup <command>.",
    ];
  }
  if (what === "connection") {
    return [told, "Let it use the user, password and virtual host that are in AMQP_URL."];
  }
  return [told, "Let it do no more than the broker allows, or have --setup declare what it needs."];
}

function first<T extends Event["type"]>(own: readonly Event[], type: T) {
  return own.find((event): event is EventOf<T> => event.type === type);
}

function inSeconds({ ready }: Absence): string {
  return `${ready / 1000} s`;
}

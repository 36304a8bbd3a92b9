import type { Event } from "../../../history/event.ts";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number";
const isTextOrNone: Check = (value) => value === null || isText(value);
const isNumberOrNone: Check = (value) => value === null || isNumber(value);

/** What the fields of events hold, where an event has them. */
const FIELDS: Readonly<Record<string, Check>> = {
  seq: isNumber,
  at: isNumber,
  type: isText,
  subject: isText,
  connection: isNumber,
  channel: isNumber,
  task: isTextOrNone,
  tasks: (value) => Array.isArray(value) && value.every(isTextOrNone),
  queue: isText,
  consumer: isTextOrNone,
  exchange: isText,
  routingKey: isText,
  tag: isNumberOrNone,
  code: isNumberOrNone,
  by: isText,
  text: isText,
  node: isText,
  signal: isTextOrNone,
  fault: isText,
  target: isText,
  injection: isNumber,
  evidence: isText,
  completed: (value) => Array.isArray(value) && value.every(isBatch),
};

function isBatch(value: unknown): boolean {
  const ids = (value as { ids?: unknown } | null)?.ids;
  return Array.isArray(ids) && ids.every((id) => isText(id) || isSeries(id));
}

function isSeries(value: unknown): boolean {
  return Array.isArray(value) && isText(value[0]) && isNumber(value[1]) && isNumber(value[2]);
}

/** An event as far as a report reads it; undefined of anything else. */
export function eventIn(value: unknown): Event | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const event = value as Record<string, unknown>;
  const isStamped = "seq" in event && "at" in event && "type" in event;
  if (!isStamped) return undefined;
  for (const field in event) {
    const check = FIELDS[field];
    if (check !== undefined && !check(event[field])) return undefined;
  }
  return value as Event;
}

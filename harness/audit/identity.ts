import type { Options } from "amqplib";
import { underTest } from "../ledger/subjects.ts";
import type { Identity, Route } from "../link/identity.ts";
import type { IdPlace } from "./options.ts";

/** Where the properties of a message may carry an id, whoever has decoded them. */
export interface Identifiable {
  messageId?: unknown;
  correlationId?: unknown;
  headers?: Readonly<Record<string, unknown>> | undefined;
}

const HEADER = "header:";

/** The text of a payload that stands for the task's id. */
const PLACEHOLDER = "{{id}}";

/** The properties by which a task carries its id: always as `messageId`, and in its place. */
export function propertiesOf(id: string, place: IdPlace): Options.Publish {
  const header = headerOf(place);
  if (header !== undefined) return { messageId: id, headers: { [header]: id } };
  return place === "correlationId" ? { messageId: id, correlationId: id } : { messageId: id };
}

/** A task's content. */
export function payloadOf(template: string, id: string): Buffer {
  return Buffer.from(template.split(PLACEHOLDER).join(id));
}

/**
 * Reads the id that a message carries. A worker that publishes an outcome may name its task
 * elsewhere than it has found it, so each place counts: the first that names a task, or, where none
 * does, the first that holds anything.
 */
export function identify(
  place: IdPlace,
  isTask: (id: string) => boolean,
): (message: Identifiable) => string | null {
  const header = headerOf(place);
  return (message) => {
    const { messageId, correlationId } = message;
    const first = header === undefined ? message[place as "messageId"] : message.headers?.[header];
    const ids = [first, messageId, correlationId].map(textOf).filter((id) => id !== null);
    return ids.find(isTask) ?? ids[0] ?? null;
  };
}

/**
 * How the link is to read the messages of an audit.
 *
 * @param leadsBack does a publish by this exchange and routing key reach a queue in which tasks
 *   wait, or end? A worker that publishes a task there sends it on; anywhere else, it tells of it.
 */
export function identityOf(
  place: IdPlace,
  isTask: (id: string) => boolean,
  leadsBack: (route: Pick<Route, "exchange" | "routingKey">) => boolean,
): Identity {
  return {
    headers: headerOf(place) !== undefined,
    taskOf: identify(place, isTask),
    isOutput: ({ subject, task, ...route }) =>
      underTest(subject) && (task === null || !isTask(task) || !leadsBack(route)),
  };
}

function headerOf(place: IdPlace): string | undefined {
  return place.startsWith(HEADER) ? place.slice(HEADER.length) : undefined;
}

/** Some clients write an id as a number, or as bytes. */
function textOf(value: unknown): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return Buffer.isBuffer(value) ? value.toString() : null;
}

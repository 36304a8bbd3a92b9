import type { Command, Plan, Publishing, Terms } from "./command.ts";

/** A plan as a story, a line for each command. */
export function inWords(plan: Plan): string[] {
  return plan.map(
    (command, index) => `${String(index + 1).padStart(2)}. ${commandInWords(command)}`,
  );
}

export function commandInWords(command: Command): string {
  switch (command.do) {
    case "declare":
      return `declare "tasks": ${termsInWords(command.terms)}`;
    case "declare-dead":
      return `declare "dead", for dead letters: ${command.type}`;
    case "delete":
      return `delete "${command.queue}"`;
    case "publish":
      return publishingInWords(command);
    case "start":
      return `start worker ${command.who}, prefetch ${command.prefetch}`;
    case "consume":
      return `consumer ${command.who} subscribes, prefetch ${command.prefetch}, ${
        command.noAck ? "automatic" : "manual"
      } acks`;
    case "answer":
      return `consumer ${command.who} answers for ${command.count}: ${command.how}`;
    case "stop":
      return `stop ${command.who}`;
    case "kill":
      return `kill worker ${command.who} at the moment "${command.at}"`;
    case "network":
      return `network of ${command.who}: ${command.harm}`;
    case "broker":
      return `broker: ${command.harm}`;
    case "open":
      return "let effects happen";
    case "heal":
      return "heal whatever lasts";
    case "wait":
      return `wait until a task is ${command.until}`;
  }
}

function termsInWords({ type, durable, maxLength, overflow, ttl, ...more }: Terms): string {
  return [
    type,
    durable ? "durable" : "transient",
    ...(maxLength === undefined ? [] : [`at most ${maxLength} (${overflow ?? "drop-head"})`]),
    ...(ttl === undefined ? [] : [`TTL ${ttl} ms`]),
    ...(more.deadLetters ? ['dead letters to "dead"'] : []),
    ...(more.maxPriority === undefined ? [] : [`priorities to ${more.maxPriority}`]),
  ].join(", ");
}

function publishingInWords({ count, batch, persistent, ...how }: Publishing): string {
  const words = [
    persistent ? "persistent" : "transient",
    how.confirmed ? `confirmed by ${Math.min(batch, count)}` : "without confirms",
    how.mandatory ? "mandatory" : "not mandatory",
    ...(how.priority === undefined ? [] : [`priority ${how.priority}`]),
  ];
  return `publish ${count}: ${words.join(", ")}`;
}

import type { Command, Plan, Terms } from "./command.ts";

/**
 * Plans that are smaller by one step, the smallest first: halves are left out, then quarters, down
 * to single commands, and then each command is made simpler. A run takes a second or more, so what
 * removes most is tried first.
 */
export function* smaller(plan: Plan): Generator<Plan> {
  for (
    let size = Math.ceil(plan.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let start = plan.length - size; start > -size; start -= size) {
      const from = Math.max(0, start);
      const rest = [...plan.slice(0, from), ...plan.slice(start + size)];
      if (rest.length < plan.length && rest.length > 0) yield rest;
    }
  }
  for (const [index, command] of plan.entries()) {
    for (const simple of simpler(command)) yield plan.with(index, simple);
  }
}

/** Simpler forms of one command, the simplest first. Following them comes to an end. */
export function simpler(command: Command): Command[] {
  switch (command.do) {
    case "declare":
      return plainer(command.terms).map((terms) => ({ ...command, terms }));
    case "publish":
      return [
        ...lower(command.count).map((count) => ({ ...command, count })),
        ...dropped(command, "priority"),
        ...(command.batch < command.count ? [{ ...command, batch: command.count }] : []),
      ];
    case "answer":
      return lower(command.count).map((count) => ({ ...command, count }));
    case "start":
    case "consume":
      return command.prefetch === 1 ? [] : [{ ...command, prefetch: 1 }];
    case "kill":
      return command.at === "now" ? [] : [{ ...command, at: "now" }];
    default:
      return [];
  }
}

function plainer(terms: Terms): Terms[] {
  const { maxLength: _, overflow: __, ...unlimited } = terms;
  return [
    ...(terms.maxLength === undefined ? [] : [unlimited]),
    ...dropped(terms, "ttl"),
    ...dropped(terms, "deadLetters"),
    ...dropped(terms, "maxPriority"),
  ];
}

function dropped<T extends object>(from: T, key: keyof T): T[] {
  if (from[key] === undefined) return [];
  const { [key]: _, ...rest } = from;
  return [rest as T];
}

/** 1, the half, and one less. */
function lower(count: number): number[] {
  const candidates = [1, Math.floor(count / 2), count - 1];
  return [...new Set(candidates)].filter((one) => one >= 1 && one < count);
}

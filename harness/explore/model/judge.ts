import type { Fate } from "../../ledger/fates.ts";
import type { Accusation } from "./accusation.ts";
import { CHANNEL_RULES } from "./channels.ts";
import type { Chronicle } from "./chronicle.ts";
import { Evidence } from "./evidence.ts";
import { type Ending, permittedFor } from "./fates.ts";
import { RULES } from "./rules.ts";
import type { Tale } from "./tale.ts";

/**
 * What a run did that the documentation does not permit.
 *
 * @param fates each task's fate by the ledger's account; a task without one is absent.
 */
export function accuse(chronicle: Chronicle, fates: ReadonlyMap<string, Fate>): Accusation[] {
  const evidence = new Evidence(chronicle);
  const tales = [...evidence.story.tales.values()].filter(({ task }) => task !== "");
  return [
    ...tales.flatMap((tale) => accusationsOf(evidence, tale, fates.get(tale.task) ?? "none")),
    ...CHANNEL_RULES.flatMap((rule) => rule(evidence)),
  ];
}

function accusationsOf(evidence: Evidence, tale: Tale, ending: Ending): Accusation[] {
  const broken = RULES.flatMap((rule) => rule(evidence, tale) ?? []);
  if (broken.length > 0) return broken; // They say why its fate is what it is.
  const { endings, departures } = permittedFor(evidence, tale);
  if (endings.has(ending)) return [];
  const reasons = departures.map(({ name }) => name);
  const because = reasons.length > 0 ? ` (${reasons.join("; ")})` : "";
  return [
    {
      rule: "fate",
      task: tale.task,
      sentence: `${tale.task} is ${ending}, and may be ${listed(endings)}${because}.`,
      docs: departures[0]?.docs ?? "https://www.rabbitmq.com/docs/reliability",
    },
  ];
}

function listed(endings: ReadonlySet<Ending>): string {
  const all = [...endings];
  return all.length > 1 ? `${all.slice(0, -1).join(", ")} or ${all.at(-1)}` : String(all[0]);
}

/**
 * The tasks that can only be on their way to the dead letters: stored, gone from where they were,
 * and seen nowhere yet.
 */
export function awaitedIn(chronicle: Chronicle): string[] {
  const evidence = new Evidence(chronicle);
  const isSeen = ({ effects, drained }: Tale) => effects.length + drained.length > 0;
  const missing = [...evidence.story.tales.values()].filter((tale) => !isSeen(tale));
  return missing.filter((tale) => isDeadLetter(evidence, tale)).map(({ task }) => task);
}

function isDeadLetter(evidence: Evidence, tale: Tale): boolean {
  if (!tale.publishes.some(({ answer }) => answer === "confirmed")) return false;
  const { endings } = permittedFor(evidence, tale);
  return endings.has("parked") && !endings.has("lost");
}

/** Tells the tasks that the broker must still have from those that may be gone. */
export function keptBy(chronicle: Chronicle): (task: string) => boolean {
  const evidence = new Evidence(chronicle);
  return (task) => {
    const tale = evidence.story.tales.get(task);
    if (!tale) return true;
    return permittedFor(evidence, tale).departures.every(({ leadsTo }) => leadsTo.length === 0);
  };
}

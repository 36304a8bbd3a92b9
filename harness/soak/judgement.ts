import type { Event } from "../history/event.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { type Verdict, worst } from "../ledger/verdict.ts";
import { tasksNamed } from "../ledger/words.ts";

/**
 * A soak's standard. A kill comes between an effect and its ack, and an outage between a publish and
 * its confirm: then a task is delivered or published again, and done twice, as at-least-once means.
 * What is done more often than it was delivered has no such excuse.
 */
export function judgeSoak(ledger: Pick<Ledger, "verdict" | "life">): Verdict {
  const verdict = ledger.verdict({ allow: ["duplicated"] });
  if (verdict.outcome === "inconclusive") return verdict;
  const repeated = verdict.fates.duplicated.filter((task) => isRepeated(ledger.life(task)));
  if (repeated.length === 0) return verdict;
  const sentence = `Repeated: ${tasksNamed(repeated)} done more often than delivered.`;
  const reasons = [...verdict.reasons, sentence];
  return { ...verdict, outcome: worst([verdict.outcome, "broken"]), reasons };
}

function isRepeated(life: readonly Event[]): boolean {
  const count = (type: Event["type"]) => life.filter((event) => event.type === type).length;
  return count("effect-done") > count("delivered");
}

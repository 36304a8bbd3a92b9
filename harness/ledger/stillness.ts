import { crashes, isCrashed } from "./crashes.ts";
import {
  type Conviction,
  conviction,
  type Evidence,
  type Explained,
  remainingOf,
} from "./evidence.ts";
import { inWords } from "./fault-words.ts";
import type { Life } from "./lives.ts";
import { passedOver } from "./passed-over.ts";
import { crash, notConsuming } from "./sentences-of-workers.ts";
import type { Standing } from "./standing.ts";

/** Milliseconds of silence, at least, of a program that hangs: it may be about to try again. */
const HANGS = 1_000;

/**
 * Why tasks remained: workers that crashed, that hang, or that are there and no longer consume.
 * Where nothing remains there is nothing to explain, but a crash: one that is about to come back,
 * while others do the work, is no hang. A remaining task is charged once: whatever is told here
 * is not told again as remaining.
 */
export function stillness(evidence: Evidence, lives: readonly Life[]): Explained {
  const { expectation, standing } = evidence;
  const all = remainingOf(evidence);
  const held = new Set(standing.flatMap(({ inHand }) => [...inHand]));
  const waiting = all.filter((id) => !held.has(id));
  const judged = expectation.exits === "allow" ? [] : lives;
  // Who crashed leaves the others to do the work; where there are none, nobody does.
  const last = standing.length === 0 ? judged.findLast(isLastAndCrashed) : undefined;
  const crashed = crashes(
    evidence,
    judged.filter((life) => life !== last),
    [],
  );
  if (last) crashed.push(...crashes(evidence, [last], all));
  const idle = standing.flatMap((one) => [
    ...holding(evidence, one, all),
    ...(waiting.length > 0 ? away(evidence, one, waiting) : []),
  ]);
  const convictions = [...crashed, ...idle];
  return { convictions, tasks: new Set(convictions.flatMap(({ tasks }) => tasks)) };
}

/** It crashed, and nobody started it again. */
function isLastAndCrashed(life: Life, _index: number, lives: readonly Life[]): boolean {
  return isCrashed(life) && lives.findLast((one) => one.subject === life.subject) === life;
}

/** It is gone from the broker, or there without a consumer. */
function away(evidence: Evidence, one: Standing, waiting: string[]): Conviction[] {
  const { subject, connections, consumers, loss, silence } = one;
  if (connections > 0) {
    if (consumers > 0) return [];
    return [conviction("not consuming", notConsuming(subject, waiting, loss), waiting, subject)];
  }
  if (silence < HANGS) return [];
  const sentence = crash.hungAway(subject, afterFault(evidence, subject), waiting, silence);
  return [conviction("crashed on", sentence, waiting, subject)];
}

/**
 * It holds tasks, and neither does them nor answers, though its effects wait for nobody. Only where
 * it asks the sink for effects does anybody know that it does nothing; what it did and never acked
 * is a conviction of its own.
 */
function holding(evidence: Evidence, one: Standing, remaining: string[]): Conviction[] {
  const { subject, connections, isWorking, inHand, silence } = one;
  const { effects, wire } = evidence;
  if (connections === 0 || isWorking || silence < HANGS) return [];
  const asks = effects.hasAsked(subject);
  const unacked = wire.neverAcked().get(subject);
  const stuck = remaining.filter((id) => inHand.has(id) && !unacked?.has(id));
  if (!asks || stuck.length === 0) return [];
  const after = afterFault(evidence, subject);
  const passed = passedOver(evidence, subject, stuck);
  const sentence = passed
    ? crash.unanswered(subject, after, { ...passed, tasks: stuck, silence })
    : crash.hungHolding(subject, after, stuck, silence);
  return [conviction("crashed on", sentence, stuck, subject)];
}

function afterFault({ faults }: Evidence, subject: string): string {
  const fault = faults.at(-1);
  return fault === undefined ? "" : ` after ${inWords(fault, subject)}`;
}

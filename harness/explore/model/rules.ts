import { DEAD } from "../plan/command.ts";
import type { Accusation } from "./accusation.ts";
import type { Evidence } from "./evidence.ts";
import { type Delivery, endsOf, LATE, type Publish, type Tale } from "./tale.ts";

type Rule = (evidence: Evidence, tale: Tale) => Accusation | undefined;

const DOCS = "https://www.rabbitmq.com/docs";

/** When a delivery, or the ack of one, was undone; undefined where nothing undid it. */
function undoneBy(
  evidence: Evidence,
  since: Delivery | NonNullable<Delivery["answer"]>,
  { connection, channel }: Delivery,
  by: { seq: number; at: number },
  unclean: boolean,
): boolean {
  const { seq } = since;
  if (evidence.story.downs.some((down) => down.seq > seq && down.seq < by.seq)) return true;
  return endsOf(evidence.story, { connection, channel, seq }).some(
    (end) => end.at <= by.at + LATE && !(unclean && end.clean),
  );
}

/** An ack is final unless its connection ended badly, or the broker did. */
const ackedStaysAcked: Rule = (evidence, tale) => {
  if (tale.publishes.length !== 1) return undefined;
  for (const delivery of tale.deliveries) {
    const { answer } = delivery;
    if (!delivery.noAck && answer?.how !== "acked") continue;
    const settled = answer ?? delivery;
    const again = [...tale.deliveries, ...tale.drained].find(({ seq }) => seq > settled.seq);
    if (!again || undoneBy(evidence, settled, delivery, again, true)) continue;
    const how = answer
      ? `acked by ${delivery.subject}`
      : `sent to ${delivery.subject} with automatic acks`;
    return {
      rule: "acked stays acked",
      task: tale.task,
      sentence: `${tale.task} was ${how}, and came again.`,
      docs: `${DOCS}/confirms#acknowledgement-modes`,
    };
  }
  return undefined;
};

/** A task that somebody holds is nobody else's until it is given back. */
const oneAtATime: Rule = (evidence, tale) => {
  if (tale.publishes.length !== 1) return undefined;
  const seen = [...tale.deliveries, ...tale.drained];
  for (const delivery of tale.deliveries) {
    if (delivery.noAck || delivery.answer) continue;
    const again = seen.find(({ seq }) => seq > delivery.seq);
    if (!again || undoneBy(evidence, delivery, delivery, again, false)) continue;
    return {
      rule: "one at a time",
      task: tale.task,
      sentence: `${tale.task} was unacked at ${delivery.subject}, and came again.`,
      docs: `${DOCS}/consumers#acknowledgement-modes`,
    };
  }
  return undefined;
};

/**
 * A task is in one place. Dead-lettering moves it; where the broker ends around that, it may be in
 * both, or among the dead letters twice (tests/findings/dead-lettered-twice.spec.ts).
 */
const noCopies: Rule = (evidence, { task, publishes, drained }) => {
  const [first] = publishes;
  if (!first || drained.length <= publishes.length) return undefined;
  const isDeadLetter = drained.some(({ queue }) => queue === DEAD);
  if (isDeadLetter && evidence.wasDownAfter(first.seq)) return undefined;
  return {
    rule: "no copies",
    task,
    sentence: `${task} was published ${publishes.length} times, and left ${drained.length} times.`,
    docs: `${DOCS}/queues`,
  };
};

/** What a consumer was sent comes again with the flag, for as long as its broker lives. */
const flagged: Rule = (evidence, { task, publishes, deliveries }) => {
  if (publishes.length !== 1) return undefined;
  const unflagged = deliveries.findLast(({ redelivered }) => !redelivered);
  if (!unflagged) return undefined;
  const before = deliveries.slice(0, deliveries.indexOf(unflagged));
  const isExcused = (other: Delivery) =>
    evidence.wasDownAfter(other.seq) || mayComeAfter(other, unflagged);
  if (before.every(isExcused)) return undefined;
  return {
    rule: "flagged as redelivered",
    task,
    sentence: `${task} was sent to ${unflagged.subject} again, without the redelivered flag.`,
    docs: `${DOCS}/reliability#consumer-side`,
  };
};

/** Of two connections, the link may read the later one first. */
function mayComeAfter(seenFirst: Delivery, seenLater: Delivery): boolean {
  const isElsewhere = seenFirst.connection !== seenLater.connection;
  return seenFirst.redelivered && isElsewhere && seenLater.at - seenFirst.at < LATE;
}

/** On a channel that lives on, the broker confirms, returns or refuses whatever it is sent. */
const answered: Rule = (evidence, { task, publishes }) => {
  const isLeft = (one: Publish) =>
    one.tag !== null &&
    one.answeredAt === Number.POSITIVE_INFINITY &&
    endsOf(evidence.story, one).length === 0;
  if (!publishes.some(isLeft)) return undefined;
  return {
    rule: "every publish is answered",
    task,
    sentence: `${task} was published on a channel that stayed open, and never confirmed or refused.`,
    docs: `${DOCS}/confirms#publisher-confirms`,
  };
};

const returnedWhereMissing: Rule = (evidence, tale) => {
  const { task, publishes } = tale;
  if (!publishes.some(({ answer }) => answer === "returned")) return undefined;
  if (evidence.mayHaveMissed(tale)) return undefined;
  return {
    rule: "returned only where no queue is",
    task,
    sentence: `${task} was returned as unroutable, though its queue was there.`,
    docs: `${DOCS}/publishers#unroutable`,
  };
};

const refusedWhenFull: Rule = (evidence, tale) => {
  const { task, publishes } = tale;
  const [first] = publishes;
  if (!first || !publishes.some(({ answer }) => answer === "refused")) return undefined;
  const homes = evidence.homesOf(tale);
  const mayBeFull = homes.some(
    (life) =>
      life.terms.overflow === "reject-publish" &&
      evidence.crowd(life) > (life.terms.maxLength ?? 0),
  );
  const mayHaveFailed =
    evidence.wasDownAfter(first.seq) || homes.some(({ endsBy }) => Number.isFinite(endsBy));
  if (mayBeFull || mayHaveFailed || evidence.mayHaveMissed(tale)) return undefined;
  return {
    rule: "refused only when full",
    task,
    sentence: `${task} was refused by a queue that had room for it.`,
    docs: `${DOCS}/confirms#when-publishes-are-confirmed`,
  };
};

/** Of a subject that promised it. The broker trusts an ack. */
const acksFollowWork: Rule = (evidence, { task, deliveries, effects }) => {
  const early = deliveries.find(
    ({ subject, answer }) =>
      answer?.how === "acked" &&
      evidence.careful.has(subject) &&
      !effects.some((effect) => effect.subject === subject && effect.seq < answer.seq),
  );
  if (!early) return undefined;
  return {
    rule: "acks follow the work",
    task,
    sentence: `${task} was acked by ${early.subject} before its effect.`,
    docs: `${DOCS}/confirms#acknowledgement-modes`,
  };
};

/** Each is about one task. */
export const RULES: readonly Rule[] = [
  ackedStaysAcked,
  oneAtATime,
  noCopies,
  flagged,
  answered,
  returnedWhereMissing,
  refusedWhenFull,
  acksFollowWork,
];

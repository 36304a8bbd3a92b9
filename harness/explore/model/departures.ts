import type { Evidence } from "./evidence.ts";
import { isVolatile, seriesOf } from "./evidence.ts";
import type { QueueLife } from "./lives.ts";
import { LATE, type Publish, type Tale } from "./tale.ts";

/** A way in which the documentation lets a stored task disappear, or end among the dead letters. */
export interface Departure {
  name: string;
  docs: string;
  /** Where the task may end: gone without a trace, or in the dead-letter queue. */
  leadsTo: readonly ("nowhere" | "dead")[];
}

type Way = (evidence: Evidence, tale: Tale) => Departure | undefined;

const DOCS = "https://www.rabbitmq.com/docs";
/** A queue that is told nothing else has this limit from 4.0 on. */
const DELIVERY_LIMIT = 20;

const gone = (name: string, page: string): Departure => ({
  name,
  docs: `${DOCS}/${page}`,
  leadsTo: ["nowhere"],
});

const unroutable: Way = (evidence, tale) =>
  evidence.mayHaveMissed(tale) && tale.publishes.some(({ mandatory }) => !mandatory)
    ? gone("no queue was there when it was published", "publishers#unroutable")
    : undefined;

const deleted: Way = (evidence, tale) =>
  evidence.homesOf(tale).some(({ endsBy }) => endsBy < Number.POSITIVE_INFINITY)
    ? gone("its queue was deleted, or ended with the broker", "queues#durability")
    : undefined;

const forgotten: Way = (evidence, tale) =>
  tale.publishes.some((publish) => isForgotten(evidence, tale, publish))
    ? gone("it was in memory only when the broker ended", "queues#durability")
    : undefined;

function isForgotten(evidence: Evidence, tale: Tale, { seq, persistent }: Publish): boolean {
  if (!evidence.wasDownAfter(seq)) return false;
  return evidence.homesOf(tale).some(({ terms }) => isVolatile(terms, persistent));
}

/**
 * Known, and told in tests/disasters/power-loss.spec.ts: from 4.0 on, no fsync comes before a
 * confirm.
 */
const unsynced: Way = (evidence, tale) =>
  seriesOf(evidence.chronicle.version) >= 4 &&
  tale.publishes.some(({ seq }) => evidence.hadPowerCutAfter(seq)) &&
  evidence.homesOf(tale).some(({ terms }) => terms.type === "classic")
    ? gone(
        "a classic queue had not synced it when the power was cut",
        "confirms#publisher-confirms-latency",
      )
    : undefined;

/**
 * Known, and told in tests/findings/quorum-registration.spec.ts. Declarations are on disk before a
 * kill, as far as can be seen; of one that follows a deletion it can't be.
 */
const unregistered: Way = (evidence, tale) =>
  evidence.homesOf(tale).some((life) => evidence.mayBeUnregistered(life))
    ? gone(
        "its quorum queue was deleted and declared again just before",
        "quorum-queues#data-safety",
      )
    : undefined;

/** Seen on its way, or on one that was cut before it was seen. */
const taken: Way = (evidence, tale) =>
  tale.deliveries.some(({ noAck }) => noAck) || mayBeOnItsWay(evidence, tale)
    ? gone("it was sent with automatic acks", "confirms#acknowledgement-modes")
    : undefined;

function mayBeOnItsWay({ cuts }: Evidence, { publishes }: Tale): boolean {
  return publishes.some(({ at }) => cuts.some((cut) => at < cut.at + LATE));
}

const acked: Way = (_, { deliveries }) =>
  deliveries.some(({ answer }) => answer?.how === "acked")
    ? gone("its subject acked it", "confirms#acknowledgement-modes")
    : undefined;

const rejected: Way = (evidence, tale) => {
  if (!tale.deliveries.some(({ answer }) => answer?.how === "rejected")) return undefined;
  return anyOf(evidence, tale, () => true, "it was rejected for good", "dlx#overview");
};

const expired: Way = (evidence, tale) => {
  const age = evidence.story.lastAt - Math.min(...tale.publishes.map(({ at }) => at));
  const hasExpired = ({ terms: { ttl } }: QueueLife) => ttl !== undefined && age >= ttl;
  return anyOf(
    evidence,
    tale,
    hasExpired,
    "its time to live was over",
    "ttl#per-queue-message-ttl",
  );
};

const crowdedOut: Way = (evidence, tale) => {
  const isCrowded = (life: QueueLife) => {
    const { maxLength, overflow } = life.terms;
    return maxLength !== undefined && overflow === undefined && evidence.crowd(life) > maxLength;
  };
  return anyOf(evidence, tale, isCrowded, "its queue was over its limit", "maxlength#overview");
};

/** Deliveries that end without an answer count as well. */
const returnedTooOften: Way = (evidence, tale) => {
  const isLimited = ({ terms }: QueueLife) => terms.type === "quorum";
  if (tale.deliveries.length <= DELIVERY_LIMIT) return undefined;
  return anyOf(
    evidence,
    tale,
    isLimited,
    "it was returned too often",
    "quorum-queues#poison-message-handling",
  );
};

/**
 * An end as a dead letter, in any of the lives of the queue to which it applies. Where there is no
 * place for dead letters, they vanish.
 */
function anyOf(
  evidence: Evidence,
  tale: Tale,
  applies: (life: QueueLife) => boolean,
  name: string,
  page: string,
): Departure | undefined {
  const ways = evidence.homesOf(tale).filter(applies);
  if (ways.length === 0) return undefined;
  const since = tale.publishes[0]?.seq ?? 0;
  const leadsTo = [
    ...(ways.some(({ terms }) => terms.deadLetters) ? (["dead"] as const) : []),
    ...(ways.some((life) => evidence.mayDropDeadLetter(life, since)) ? (["nowhere"] as const) : []),
  ];
  return { name, docs: `${DOCS}/${page}`, leadsTo };
}

const WAYS: readonly Way[] = [
  unroutable,
  deleted,
  forgotten,
  unsynced,
  unregistered,
  taken,
  acked,
  rejected,
  expired,
  crowdedOut,
  returnedTooOften,
];

/** Every way in which this task may have gone. */
export function departuresOf(evidence: Evidence, tale: Tale): Departure[] {
  return WAYS.flatMap((way) => way(evidence, tale) ?? []);
}

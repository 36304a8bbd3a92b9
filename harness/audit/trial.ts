import type { FaultName, Moment, QueueType } from "../history/event.ts";
import type { Adversity } from "../report/audit-result.ts";
import type { Profile } from "./profile.ts";
import type { Stand } from "./stand.ts";

/** What a trial may need to know of where it is to take place. */
export interface Circumstances {
  /** What the control run has shown of the worker. */
  profile: Profile;
  /** Does a worker's effect wait for the sink, so that it can stand mid-task? */
  isLive: boolean;
  /** Is any effect seen at all? */
  sees: boolean;
  /** Does a witness of our own see effects, and not what the user has put in its place? */
  isWitnessOurs: boolean;
  /** Is the broker somebody else's, to which nothing can be done but to connect? */
  isGiven: boolean;
  /** Does the audit declare the queues, and not the user? */
  ownTopology: boolean;
  /** What the worker's queue is. */
  queueType: QueueType;
  brokerVersion: string;
}

/** One experiment of an audit: what happens to the worker, and when. */
export interface Trial {
  /** Unique in an audit: `SIGKILL, mid-task`. */
  name: string;
  fault: FaultName | "none";
  /** What it does that is no fault by name. */
  adversity?: Adversity;
  moment: Moment;
  /** Workers at the same time. */
  workers: number;
  /** Part of a quick audit? */
  quick?: true;
  /** Does it strike the whole broker, so that no other trial may be on it meanwhile? */
  alone?: true;
  /** Another type of queue than the audit's, where only that one shows it. */
  queueType?: (circumstances: Circumstances) => QueueType | undefined;
  /** Why it can't be done here, in a sentence; undefined where it can. */
  hindrance?: (circumstances: Circumstances) => string | undefined;
  /** What happens, from the first worker's start until nothing more is to be done to anyone. */
  course(stand: Stand): Promise<void>;
}

/** The first reason of some that is one. */
export function firstOf(
  ...hindrances: ((circumstances: Circumstances) => string | undefined)[]
): NonNullable<Trial["hindrance"]> {
  return (circumstances) => {
    for (const hindrance of hindrances) {
      const reason = hindrance(circumstances);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

/** Nothing can be done to a broker that somebody else runs. */
export function ownBroker({ isGiven }: Circumstances): string | undefined {
  return isGiven ? "the broker is yours: it is left alone" : undefined;
}

/** Why a worker can't be kept at a moment; undefined where it can. */
export const reaches =
  (moment: Moment) =>
  ({ profile, isLive }: Circumstances): string | undefined => {
    if (moment === "mid-task" && !isLive) {
      return "only the sink can keep an effect waiting, so nobody knows when the worker is mid-task";
    }
    if ((moment === "ack-held" || moment === "after-ack") && !profile.acks) {
      return "the worker sends no acks";
    }
    if (moment === "ack-held" && profile.acksEarly) {
      return "the worker acks before the effect: it is never between the two";
    }
    if (moment === "after-ack" && profile.prefetch !== 1) {
      return "only a prefetch of 1 tells when the broker has processed an ack";
    }
    const publishes = moment === "publish-held" || moment === "confirm-held";
    if (publishes && !profile.publishes) return "the worker publishes nothing";
    if (moment === "confirm-held" && !profile.confirms) return "the worker awaits no confirms";
    return undefined;
  };

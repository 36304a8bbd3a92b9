/** Which trials don't apply where, and why. */
import { describe, expect, it } from "vitest";
import { TRIALS } from "../../../harness/audit/plan.ts";
import type { Circumstances } from "../../../harness/audit/trial.ts";

/** A worker to which everything can be done. */
const FIT: Circumstances = {
  profile: {
    acks: true,
    acksEarly: false,
    diesOfSigterm: false,
    prefetch: 1,
    publishes: true,
    confirms: true,
  },
  ...{ isLive: true, sees: true, isWitnessOurs: true, isGiven: false, ownTopology: true },
  queueType: "quorum",
  brokerVersion: "4.3.6",
};

/** What doesn't apply, by reason. */
function hindered(but: Partial<Circumstances>, profile: Partial<Circumstances["profile"]> = {}) {
  const here = { ...FIT, ...but, profile: { ...FIT.profile, ...profile } };
  const found: Record<string, string[]> = {};
  for (const { name, hindrance } of TRIALS) {
    const reason = hindrance?.(here);
    if (reason !== undefined) found[reason] = [...(found[reason] ?? []), name];
  }
  return found;
}

const MID_TASK = TRIALS.map(({ name }) => name).filter(
  (name) =>
    (/mid-task/.test(name) && !/^broker/.test(name)) || /^channel closed|, shutdown$/.test(name),
);
const ACK_HELD = [
  "SIGKILL, ack-held",
  "SIGKILL, ack-held, with peers",
  "connection reset, ack-held",
];
const AFTER_ACK = "SIGKILL, after-ack";
const TIMEOUT = "consumer timeout, mid-task";
const NOT_LATE = "the worker does not wait for its effect with the ack, so none is late";

it.each<[Partial<Circumstances>, string | undefined]>([
  [{ brokerVersion: "4.3.0" }, "quorum"],
  [{ brokerVersion: "4.2.9" }, undefined],
  [{ brokerVersion: "4.3.0", ownTopology: false }, undefined],
])("With %j, a consumer times out on a %s queue", (but, queueType) => {
  const all = TRIALS.flatMap((trial) => trial.queueType?.({ ...FIT, ...but }) ?? []);
  expect(all).toEqual(queueType === undefined ? [] : [queueType]);
});

describe("Trials that don't apply", () => {
  it("are none where everything can be done", () => {
    expect(hindered({})).toEqual({});
  });

  it("are those mid-task where no sink keeps an effect waiting", () => {
    expect(hindered({ isLive: false })).toEqual({
      "only the sink can keep an effect waiting, so nobody knows when the worker is mid-task":
        expect.toSatisfy(
          (found: string[]) => found.toSorted().join() === MID_TASK.toSorted().join(),
        ),
      "only the sink can let an effect fail": ["an effect that fails once"],
    });
  });

  it("are those about acks where there are none", () => {
    expect(hindered({}, { acks: false })).toEqual({
      "the worker sends no acks": expect.arrayContaining([...ACK_HELD, AFTER_ACK]),
      [NOT_LATE]: [TIMEOUT],
    });
  });

  it("are those between effect and ack where the ack comes first", () => {
    expect(hindered({}, { acksEarly: true })).toEqual({
      "the worker acks before the effect: it is never between the two":
        expect.arrayContaining(ACK_HELD),
      [NOT_LATE]: [TIMEOUT],
    });
  });

  it.each([0, 2])("are those after an ack at a prefetch of %d", (prefetch) => {
    expect(hindered({}, { prefetch })).toEqual({
      "only a prefetch of 1 tells when the broker has processed an ack": [AFTER_ACK],
    });
  });

  it("are those about publishes where there are none", () => {
    expect(hindered({}, { publishes: false })).toEqual({
      "the worker publishes nothing": ["SIGKILL, publish-held", "SIGKILL, confirm-held"],
    });
    expect(hindered({}, { confirms: false })).toEqual({
      "the worker awaits no confirms": ["SIGKILL, confirm-held"],
    });
  });

  it("are those about a timeout that the user's own queue does not have", () => {
    const reason = "from RabbitMQ 4.3 on, classic queues have no consumer timeout";
    const classic = { ownTopology: false, queueType: "classic" } as const;
    expect(hindered(classic)[reason]).toEqual([TIMEOUT]);
    expect(hindered({ ...classic, brokerVersion: "4.2.9" })[reason]).toBeUndefined();
    expect(hindered({ ...classic, queueType: "quorum" })[reason]).toBeUndefined();
    expect(hindered({ ...classic, ownTopology: true })[reason]).toBeUndefined();
  });

  it("are those in a shutdown that there is not", () => {
    expect(hindered({}, { diesOfSigterm: true })).toEqual({
      "SIGTERM ends the worker at once: it has no shutdown": ["SIGKILL, shutdown"],
    });
  });

  it("are those that touch a broker of the user's", () => {
    expect(hindered({ isGiven: true })).toEqual({
      "the broker is yours: it is left alone": [
        "SIGSTOP past the heartbeat, mid-task",
        "connection half-open, mid-task",
        "consumer cancelled: its queue is deleted and declared again",
        "broker restarts in order, mid-task",
        "broker is killed, mid-task",
        "memory alarm",
        TIMEOUT,
      ],
    });
  });

  it("are those that delete a queue of the user's", () => {
    expect(hindered({ ownTopology: false })).toEqual({
      "the queue is yours: it is not deleted": [
        "consumer cancelled: its queue is deleted and declared again",
      ],
    });
  });
});

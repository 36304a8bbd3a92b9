import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";
import { SAVED } from "./stories.ts";
import {
  broken,
  convicted,
  held,
  ONE_COMPLETED,
  ONE_VANISHED,
  oneDuplicated,
  oneLost,
} from "./verdicts.ts";

const NOT_TAKEN =
  "Remaining: 1 task (a) still in the queue at the end, never delivered to a worker. Keep a worker consuming, and let it come back after a failure.";
const ACKED_EARLY =
  "worker-1 acked 1 task before the effect was done: a death in between loses what the broker has already forgotten. Ack only after the effect is done.";
const parkingDeclared = () => story().declares("failed", { role: "parking" }).stores("a");

describe("A confirmed task", () => {
  it("is completed when its effect happened exactly once", () => {
    expect(verdictOf("completed")).toEqual(held(ONE_COMPLETED));
  });

  it("is completed by one line in an effect log", () => {
    const told = story().stores("a").delivers("a", "w").acks("w", "a").logs("w", "a").drains();
    expect(judge(told.events)).toEqual(held(ONE_COMPLETED));
  });

  it("is duplicated when its effect happened again after a redelivery", () => {
    const sentence =
      "Duplicated: worker-1 did 1 task (a) and lost its connection before the broker had its ack, so the broker delivered it again, and it was done again. Make the effect idempotent by the task's id.";
    expect(verdictOf("duplicated")).toEqual(broken(oneDuplicated(sentence, "worker-1")));
  });

  it("is duplicated when a second publish brought a second effect", () => {
    const told = story().publishes("a").stores("a").works("w", "a", "a").drains();
    const sentence =
      "Duplicated: 1 task (a) published more than once and done more than once. A publish that was not confirmed may have been stored: make the effect idempotent by the task's id.";
    expect(judge(told.events)).toEqual(
      broken({
        account: { published: 1, confirmed: 1, duplicated: 1 },
        fates: { duplicated: ["a"] },
        convictions: [convicted("duplicated", sentence, ["a"])],
      }),
    );
  });

  it("is not duplicated by a second delivery alone", () => {
    const told = story()
      .stores("a")
      .delivers("a", "w")
      .rejects("w", "a", { requeue: true })
      .works("w", "a")
      .drains();
    expect(judge(told.events)).toEqual(held(ONE_COMPLETED));
  });

  it("is parked when the drain finds it in a parking queue", () => {
    expect(verdictOf("parked")).toEqual(
      held({ account: { published: 1, confirmed: 1, parked: 1 }, fates: { parked: ["a"] } }),
    );
  });

  it("is remaining, not parked, when the drain finds it in a work queue as well", () => {
    const told = parkingDeclared().drains("tasks", "a").drains("failed", "a");
    expect(judge(told.events)).toEqual(remaining());
  });

  it("is parked, not completed, when its effect happened and it was rejected", () => {
    const told = parkingDeclared()
      .delivers("a", "w")
      .does("w", "a")
      .rejects("w", "a")
      .drains("tasks")
      .drains("failed", "a");
    expect(judge(told.events)).toEqual(
      held({ account: { published: 1, confirmed: 1, parked: 1 }, fates: { parked: ["a"] } }),
    );
  });

  it("is remaining when the drain finds it in a work queue", () => {
    expect(verdictOf("remaining")).toEqual(remaining());
  });

  it("is discarded when a declared policy may have dropped it", () => {
    expect(verdictOf("discarded")).toEqual(discarded());
  });

  it("is lost when the policy belongs to another queue", () => {
    const told = story()
      .declares("other", { discards: ["ttl"] })
      .stores("a");
    expect(judge(told.drains("tasks").drains("other").events)).toEqual(broken(ONE_VANISHED));
  });

  it("is discarded when its queue was purged after the publish", () => {
    const told = story().stores("a").tells({ type: "queue-purged", queue: "tasks", count: 1 });
    expect(judge(told.drains().events)).toEqual(discarded());
  });

  it("is lost when its queue was purged only before the publish", () => {
    const told = story().tells({ type: "queue-purged", queue: "tasks", count: 1 }).stores("a");
    expect(judge(told.drains().events)).toEqual(broken(ONE_VANISHED));
  });

  it("is lost when nothing did it and no queue has it", () => {
    expect(judge(story().stores("a").drains().events)).toEqual(broken(ONE_VANISHED));
  });

  it("is lost, not discarded, when a worker took it for itself", () => {
    const sentence =
      "Lost: worker-1 acked 1 task (a) whose effect never happened. Ack only after the effect is done.";
    const lost = oneLost(sentence, "worker-1");
    const risk = convicted("at risk", ACKED_EARLY, ["a"], "worker-1");
    const told = story()
      .declares("tasks", { discards: ["ttl"] })
      .stores("a")
      .delivers("a", "worker-1")
      .acks("worker-1", "a")
      .drains();
    expect(judge(told.events)).toEqual(
      broken({ ...lost, convictions: [...lost.convictions, risk] }),
    );
  });

  it("is lost, not discarded, when a worker took it, whatever the parking queue may drop", () => {
    const told = story()
      .declares("failed", { role: "parking", discards: ["length-limit"] })
      .stores("a")
      .delivers("a", "worker-1")
      .acks("worker-1", "a")
      .drains("tasks")
      .drains("failed");
    expect(judge(told.events).account).toEqual({ published: 1, confirmed: 1, lost: 1 });
  });

  it("is lost by the worker that acked it early and was killed", () => {
    const sentence =
      "Lost: worker-1 acked 1 task (a) whose effect never happened. Ack only after the effect is done.";
    const lost = oneLost(sentence, "worker-1");
    const risk = convicted("at risk", ACKED_EARLY, ["a"], "worker-1");
    expect(verdictOf("lost")).toEqual(
      broken({ ...lost, convictions: [...lost.convictions, risk] }),
    );
  });

  it("is lost by a reject for good where nothing parks it", () => {
    const told = story().stores("a").delivers("a", "w").rejects("w", "a").drains();
    const sentence =
      "Lost: w rejected 1 task (a) without requeue, and no parking queue took over. Declare a dead-letter exchange for the queue, or requeue.";
    expect(judge(told.events)).toEqual(broken(oneLost(sentence, "w")));
  });

  it("is discarded by a reject for good into a parking queue with a length limit", () => {
    const told = story()
      .declares("failed", { role: "parking", discards: ["length-limit"] })
      .stores("a")
      .delivers("a", "w")
      .rejects("w", "a")
      .drains("tasks")
      .drains("failed");
    expect(judge(told.events)).toEqual(discarded());
  });
});

describe("A task that was not confirmed", () => {
  it("is recovered when its publish is unknown, yet it took effect", () => {
    expect(verdictOf("recovered")).toEqual(
      held({ account: { published: 1, unknown: 1, recovered: 1 }, fates: { recovered: ["a"] } }),
    );
  });

  it("is recovered when it was refused, yet is in a queue", () => {
    const told = story().publishes("a").refuses("a").drains("tasks", "a");
    expect(judge(told.events)).toEqual(
      held({ account: { published: 1, refused: 1, recovered: 1 }, fates: { recovered: ["a"] } }),
    );
  });

  it("has no fate when nobody saw it again", () => {
    expect(judge(story().publishes("a").drains().events)).toEqual(
      held({ account: { published: 1, unknown: 1 } }),
    );
  });

  it("is recovered when one publish was returned and another one is unknown", () => {
    const told = story().publishes("a").publishes("a", { connection: 77, tag: 1 });
    told.returns("a", { connection: 77 }).works("w", "a").drains();
    expect(judge(told.events)).toEqual(
      held({ account: { published: 1, returned: 1, recovered: 1 }, fates: { recovered: ["a"] } }),
    );
  });
});

describe("A task that nobody published", () => {
  const sentence = (id: string) =>
    `Unexpected: 1 task (${id}) done, delivered or drained, yet never published. Do the effect under the messageId that was delivered, and start from empty queues.`;
  const unexpected = (id: string) => ({
    account: { published: 1, confirmed: 1, completed: 1, unexpected: 1 },
    fates: { completed: ["a"], unexpected: [id] },
    convictions: [convicted("unexpected", sentence(id), [id])],
  });

  it("is unexpected when it was delivered", () => {
    expect(verdictOf("unexpected")).toEqual(broken(unexpected("stale")));
  });

  it("is unexpected when a worker did an effect under an id of its own", () => {
    const told = story().stores("a").works("w", "a").does("w", "A").drains();
    expect(judge(told.events)).toEqual(broken(unexpected("A")));
  });

  it("is unexpected when the drain found it", () => {
    const told = story().stores("a").works("w", "a").drains("tasks", "stale");
    expect(judge(told.events)).toEqual(broken(unexpected("stale")));
  });
});

describe("The outcome of a publish", () => {
  const unroutable = () => story().publishes("a").returns("a");

  it("is returned, not confirmed, when the return comes before the confirm", () => {
    expect(judge(unroutable().confirms("a").drains().events)).toEqual(
      held({ account: { published: 1, returned: 1 } }),
    );
  });

  it("is returned where the channel gives no confirms", () => {
    const told = story().publishes("a", { tag: null }).returns("a").drains();
    expect(judge(told.events)).toEqual(held({ account: { published: 1, returned: 1 } }));
  });

  it("is unknown when the client never saw the confirm", () => {
    const told = story().publishes("a").confirms("a", { dropped: true }).drains();
    expect(judge(told.events)).toEqual(held({ account: { published: 1, unknown: 1 } }));
  });

  it("is unknown when the broker never saw the publish", () => {
    const told = story().publishes("a", { dropped: true }).drains();
    expect(judge(told.events)).toEqual(held({ account: { published: 1, unknown: 1 } }));
  });

  it("is the best of several publishes of one task, counted once", () => {
    const told = story().publishes("a").refuses("a").publishes("a").stores("a").works("w", "a");
    expect(judge(told.drains().events)).toEqual(held(ONE_COMPLETED));
  });

  it("is confirmed for each task that one confirm names", () => {
    const told = story().publishes("a").publishes("b").publishes("c");
    told
      .confirms("b", { tasks: ["a", "b"], multiple: true })
      .works("w", "a", "b")
      .drains();
    expect(judge(told.events)).toEqual(
      held({
        account: { published: 3, confirmed: 2, unknown: 1, completed: 2 },
        fates: { completed: ["a", "b"] },
      }),
    );
  });
});

function verdictOf(name: keyof typeof SAVED) {
  return judge((SAVED[name] as () => Story)().events);
}

function remaining() {
  return broken({
    account: { published: 1, confirmed: 1, remaining: 1 },
    fates: { remaining: ["a"] },
    convictions: [convicted("remaining", NOT_TAKEN, ["a"])],
  });
}

function discarded() {
  return held({
    account: { published: 1, confirmed: 1, discarded: 1 },
    fates: { discarded: ["a"] },
  });
}

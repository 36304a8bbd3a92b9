/** What an audit's witnesses tell besides: known and refused effects, poison, forged acks, probes. */
import { describe, expect, it } from "vitest";
import { judge, Ledger } from "../../../harness/ledger/ledger.ts";
import { describeLife } from "../../../harness/ledger/life.ts";
import { EFFECTS } from "../../../harness/ledger/subjects.ts";
import { type Story, story } from "./history-builder.ts";
import {
  broken,
  convicted,
  held,
  ONE_COMPLETED,
  ONE_UNFINISHED,
  oneDuplicated,
  oneLost,
} from "./verdicts.ts";

const delivered = () => story().stores("a").delivers("a", "w");
const discarded = () =>
  held({ account: { published: 1, confirmed: 1, discarded: 1 }, fates: { discarded: ["a"] } });

function expectCompleted(told: Story): void {
  expect(judge(told.drains().events, { convictions: "all" })).toEqual(held(ONE_COMPLETED));
}

describe("An effect that the sink knows already", () => {
  const cutOff = () => {
    const told = delivered().does("w", "a").injects("connection-reset", "w");
    return told.hangsUp("w", { by: "link" }).witnesses("connection-reset").delivers("a", "w");
  };

  it("is no second effect, and the ack after it is not early", () => {
    expectCompleted(cutOff().repeats("w", "a").acks("w", "a"));
  });

  it("is one that was asked for, so that an ack before the sink's answer is early", () => {
    const told = cutOff().asks("w", "a").acks("w", "a").abandons("w", "a").drains();
    expect(judge(told.events).convictions.map(({ kind }) => kind)).toEqual(["at risk"]);
  });

  it("has to be acked", () => {
    const told = cutOff().repeats("w", "a").drains();
    expect(judge(told.events).convictions.map(({ kind }) => kind)).toEqual(["never acked"]);
  });

  it("ends a delivery with automatic acks", () => {
    const ledger = new Ledger();
    const told = story().stores("a").delivers("a", "w", { noAck: true }).repeats("w", "a");
    for (const event of told.events) ledger.add(event);
    expect(ledger.outstanding()).toEqual([]);
  });
});

describe("A task that nobody can do", () => {
  const poisoned = () => story().poisons("a").stores("a").delivers("a", "w");

  it.each<[string, (told: Story) => Story]>([
    ["acked after the refusal", (told) => told.fails("w", "a").acks("w", "a")],
    ["rejected after the refusal", (told) => told.fails("w", "a").rejects("w", "a")],
    ["acked without being asked for", (told) => told.acks("w", "a")],
  ])("is discarded when it was %s", (_how, course) => {
    const told = course(poisoned()).drains();
    expect(judge(told.events, { convictions: "all", deliveries: 10 })).toEqual(discarded());
  });

  it("is parked when it was rejected into a parking queue", () => {
    const told = story().declares("failed", { role: "parking" }).poisons("a").stores("a");
    told.delivers("a", "w").fails("w", "a").rejects("w", "a").drains().drains("failed", "a");
    expect(judge(told.events, { convictions: "all", deliveries: 10 })).toEqual(
      held({ account: { published: 1, confirmed: 1, parked: 1 }, fates: { parked: ["a"] } }),
    );
  });

  it("is acked too early while the sink has not answered", () => {
    const told = poisoned().asks("w", "a").acks("w", "a").drains();
    expect(judge(told.events).convictions.map(({ kind }) => kind)).toEqual(["at risk"]);
  });

  it("remains where nobody put it aside", () => {
    const told = poisoned().fails("w", "a").rejects("w", "a", { requeue: true });
    const sentence =
      "Remaining: 1 task (a) that can't be done, and still in the queue at the end. Reject such a task without requeue after a few attempts, to a queue that dead-letters it.";
    const { account, fates } = ONE_UNFINISHED;
    expect(judge(told.drains("tasks", "a").events)).toEqual(
      broken({ account, fates, convictions: [convicted("remaining", sentence, ["a"])] }),
    );
  });

  it("is what poisons it: any other that is refused and acked is lost", () => {
    const told = delivered().fails("w", "a").acks("w", "a").drains();
    expect(judge(told.events).account).toEqual({ published: 1, confirmed: 1, lost: 1 });
  });
});

describe("A forged ack", () => {
  const planted = oneLost(
    "Lost: the ack of 1 task (a) was planted by the experiment, in the worker's place, and the effect never happened. This is no fault of the worker.",
  );

  it("loses the task, and nobody but the experiment did it", () => {
    const told = story().starts("w").stores("a").delivers("a", "w", { dropped: true });
    told.injects("early-ack", "w", "now", "a").forges("w", "a").dies("w").hangsUp("w");
    expect(judge(told.witnesses("early-ack").drains().events, { convictions: "all" })).toEqual(
      broken(planted),
    );
  });

  it("is no harm where the subject does the work all the same", () => {
    expectCompleted(delivered().forges("w", "a").does("w", "a"));
  });

  it.each([
    ["the link no longer knows", { tasks: [] }],
    ["the link still names", {}],
  ])("may be followed by the subject's own ack, whose tag %s", (_what, but) => {
    const told = delivered().forges("w", "a").does("w", "a").acks("w", "a", but);
    const text = "PRECONDITION_FAILED - unknown delivery tag 1";
    expectCompleted(told.closesChannel("w", { by: "broker", code: 406, text }));
  });

  it("leaves the task in the subject's hand, which can be killed there", () => {
    const told = delivered().starts("w").forges("w", "a");
    told.injects("worker-kill", "w", "delivered", "a").dies("w").hangsUp("w");
    const verdict = judge(told.witnesses("worker-kill").drains().events);
    expect(verdict.vacuity).toEqual([]);
  });

  it("settles the task: it is no longer outstanding", () => {
    const ledger = new Ledger();
    for (const event of delivered().forges("w", "a").events) ledger.add(event);
    expect(ledger.outstanding()).toEqual([]);
  });
});

describe("An effect found by a look at the world", () => {
  it("is somebody's, at an unknown time", () => {
    expectCompleted(delivered().acks("w", "a").logs(EFFECTS, "a"));
  });

  it("proves the moment at which an ack was held", () => {
    const told = delivered().starts("w").holds("ack", "a", "w");
    told.injects("worker-kill", "w", "ack-held", "a").dies("w").endsHold("w", "forwarded");
    told.acks("w", "a").hangsUp("w").witnesses("worker-kill");
    expectCompleted(told.logs(EFFECTS, "a"));
  });

  it("is done twice, where there was one delivery", () => {
    const told = delivered().acks("w", "a").logs(EFFECTS, "a").logs(EFFECTS, "a").drains();
    const sentence =
      "Duplicated: w did 1 task (a) more than once, though nothing was delivered again. Do the effect once for each delivery, or make it idempotent by the task's id.";
    expect(judge(told.events)).toEqual(broken(oneDuplicated(sentence, "w")));
  });
});

describe("Where nobody sees effects", () => {
  const unobserved = { effects: "unobserved", convictions: "all" } as const;
  const completed = { ...held(ONE_COMPLETED), effects: "unobserved" };

  it("a task is completed when it was acked, and nothing is claimed of its effect", () => {
    expect(judge(delivered().acks("w", "a").drains().events, unobserved)).toEqual(completed);
  });

  it("a task is completed when its subject acked what the link had acked before", () => {
    const told = delivered().forges("w", "a").acks("w", "a", { tasks: [] }).drains();
    expect(judge(told.events, unobserved)).toEqual(completed);
  });

  it.each<[string, (told: Story) => Story, object]>([
    ["rejected for good", (told) => told.rejects("w", "a").drains(), { lost: 1 }],
    ["acked by the link alone", (told) => told.forges("w", "a").drains(), { lost: 1 }],
    ["never answered", (told) => told.hangsUp("w").drains("tasks", "a"), { remaining: 1 }],
  ])("a task is not completed when it was %s", (_how, course, fate) => {
    const { account, effects } = judge(course(delivered()).events, unobserved);
    expect({ account, effects }).toEqual({
      account: { published: 1, confirmed: 1, ...fate },
      effects: "unobserved",
    });
  });
});

it("A life tells of all of them", () => {
  const told = story().poisons("a").stores("a").delivers("a", "w").fails("w", "a");
  told.repeats("w", "a").forges("w", "a").hangsUp("w").logs(EFFECTS, "a");
  const ledger = new Ledger();
  for (const event of told.events) ledger.add(event);
  expect(describeLife(ledger.life("a")).map((line) => line.slice(12))).toEqual([
    "made so that nobody can do it",
    "published by publisher to tasks",
    "confirmed to publisher",
    "delivered to w (tag 1)",
    "effect asked for by w",
    "effect refused to w (HTTP 422)",
    "effect asked for by w",
    "effect asked for again by w, and known: not done again",
    "acked by the link in place of w (tag 1)",
    "effect found afterwards",
  ]);
});

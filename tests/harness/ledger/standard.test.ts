/** The standard of an audit: what it convicts of besides, what breaks, and what is allowed. */
import { describe, expect, it } from "vitest";
import type { FaultName } from "../../../harness/history/event.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Expectation } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";
import { broken, convicted, held, ONE_COMPLETED, oneDuplicated, vacuous } from "./verdicts.ts";

const AUDIT: Expectation = { convictions: "all", deliveries: 3 };
const delivered = () => story().stores("a").delivers("a", "w");

describe("By an audit's standard", () => {
  const unbounded = convicted(
    "unbounded prefetch",
    "w started 1 consumer without a prefetch limit: one worker takes the whole queue, and gives all of it back when it dies. Set a prefetch before consuming.",
    [],
    "w",
  );
  const told = () => story().consumes("w", { prefetch: 0 }).stores("a").works("w", "a").drains();
  const convictions = [unbounded];

  it("every conviction breaks", () => {
    expect(judge(told().events)).toEqual(held({ ...ONE_COMPLETED, convictions }));
    expect(judge(told().events, AUDIT)).toEqual(broken({ ...ONE_COMPLETED, convictions }));
  });

  it("an allowed one is told, and does not break", () => {
    const verdict = judge(told().events, { ...AUDIT, allow: ["unbounded prefetch"] });
    expect(verdict).toEqual(held({ ...ONE_COMPLETED, convictions }));
  });

  it("others than the allowed ones break", () => {
    const verdict = judge(told().events, { ...AUDIT, allow: ["duplicated"] });
    expect(verdict).toEqual(broken({ ...ONE_COMPLETED, convictions }));
  });

  it("what is allowed is so by the ledger's own standard, too", () => {
    const twice = delivered().does("w", "a").does("w", "a").acks("w", "a").drains();
    expect(judge(twice.events).outcome).toBe("broken");
    expect(judge(twice.events, { allow: ["duplicated"] }).outcome).toBe("held");
  });
});

describe("Publishes without mandatory", () => {
  const told = (subject: string, but = {}) => {
    const work = delivered()
      .does("w", "a")
      .publishes("a", { subject, mandatory: false, ...but });
    return work.confirms("a", { subject }).acks("w", "a").drains();
  };

  it("convict a worker, by an audit's standard only", () => {
    const sentence =
      "w made 1 publish without mandatory: one that reaches no queue is confirmed all the same, and gone. Publish as mandatory, and handle what is returned.";
    const kind = "unroutable publishes without mandatory";
    const convictions = [convicted(kind, sentence, ["a"], "w")];
    expect(judge(told("w").events, AUDIT)).toEqual(broken({ ...ONE_COMPLETED, convictions }));
    expect(judge(told("w").events)).toEqual(held(ONE_COMPLETED));
  });

  it.each<[string, string, object]>([
    ["the harness", "publisher", {}],
    ["a worker whose publishes are mandatory", "w", { mandatory: true }],
    ["a worker that answers a request directly", "w", { routingKey: "amq.rabbitmq.reply-to.x" }],
  ])("don't convict %s", (_who, subject, but) => {
    expect(judge(told(subject, but).events, AUDIT)).toEqual(held(ONE_COMPLETED));
  });
});

describe("A poison loop", () => {
  /** `w` is sent the bad task `a` so many times, and gives it back each time. */
  const looping = (times: number) => {
    const told = story().poisons("a").stores("a", "b");
    for (let time = 0; time < times; time++) {
      told.delivers("a", "w").fails("w", "a").rejects("w", "a", { requeue: true });
    }
    return told;
  };
  const kindsOf = (told: Story, but: Expectation = {}) =>
    judge(told.events, { ...AUDIT, ...but }).convictions.map(({ kind }) => kind);
  const ADVICE = "Reject it without requeue after a few attempts, to a queue that dead-letters it.";

  it("is one task delivered more often than is allowed", () => {
    const sentence = `Poison loop: 1 task (a) that can't be done was delivered 4 times, and 3 are allowed. ${ADVICE}`;
    expect(judge(looping(4).works("w", "b").drains("tasks", "a").events, AUDIT)).toEqual(
      broken({
        account: { published: 2, confirmed: 2, completed: 1, remaining: 1 },
        fates: { completed: ["b"], remaining: ["a"] },
        convictions: [convicted("poison loop", sentence, ["a"], "w")],
      }),
    );
  });

  it("is one that starves others, however often it came", () => {
    const sentence = `Poison loop: 1 task (a) that can't be done was delivered 2 times, while 1 task (b) waited to the end. ${ADVICE}`;
    expect(judge(looping(2).drains("tasks", "a", "b").events, AUDIT)).toEqual(
      broken({
        account: { published: 2, confirmed: 2, remaining: 2 },
        fates: { remaining: ["a", "b"] },
        convictions: [convicted("poison loop", sentence, ["a", "b"], "w")],
      }),
    );
  });

  it("convicts though the task was dropped in the end", () => {
    const told = looping(3).delivers("a", "w").rejects("w", "a").works("w", "b").drains();
    expect(kindsOf(told)).toEqual(["poison loop"]);
  });

  it("is none within the allowed deliveries", () => {
    const told = looping(2).delivers("a", "w").rejects("w", "a").works("w", "b").drains();
    expect(kindsOf(told)).toEqual([]);
  });

  it("is none of a task that anybody can do", () => {
    const told = story().stores("a");
    for (let time = 0; time < 9; time++)
      told.delivers("a", "w").rejects("w", "a", { requeue: true });
    expect(kindsOf(told.works("w", "a").drains())).toEqual([]);
  });

  it("is not judged where no limit is given", () => {
    const told = story().poisons("a").stores("a");
    for (let time = 0; time < 9; time++)
      told.delivers("a", "w").rejects("w", "a", { requeue: true });
    const events = told.delivers("a", "w").rejects("w", "a").drains().events;
    expect(judge(events, { convictions: "all" }).convictions).toEqual([]);
  });
});

describe("A duplicate is explained", () => {
  const done = () => story().starts("w").stores("a").delivers("a", "w").does("w", "a");
  const AGAIN = "so the broker delivered it again, and it was done again.";
  const IDEMPOTENT = "Make the effect idempotent by the task's id.";

  it.each<[string, (told: Story) => Story, string]>([
    [
      "by the end of the worker",
      (told) => told.injects("worker-kill", "w").dies("w").hangsUp("w").witnesses("worker-kill"),
      `Duplicated: w did 1 task (a) and was killed or ended before the broker had its ack, ${AGAIN} ${IDEMPOTENT}`,
    ],
    [
      "by the end of its connection, though the worker ended later",
      (told) =>
        told
          .injects("worker-kill", "w")
          .hangsUp("w")
          .waits(2_000)
          .dies("w")
          .witnesses("worker-kill"),
      `Duplicated: w did 1 task (a) and lost its connection before the broker had its ack, ${AGAIN} ${IDEMPOTENT}`,
    ],
    [
      "by the broker's close of its channel",
      (told) => told.closesChannel("w", { by: "broker", code: 406, text: "timeout" }),
      `Duplicated: w did 1 task (a) and lost its channel to the broker before the broker had its ack, ${AGAIN} ${IDEMPOTENT}`,
    ],
    [
      "by a requeue",
      (told) => told.rejects("w", "a", { requeue: true }),
      `Duplicated: w did 1 task (a) and then gave it back to the queue, ${AGAIN} Ack what is done.`,
    ],
  ])("%s", (_why, course, sentence) => {
    const told = course(done()).works("v", "a").drains();
    expect(judge(told.events)).toEqual(broken(oneDuplicated(sentence, "w")));
  });

  it("by the worker's own close", () => {
    const told = done().closesChannel("w").works("v", "a").drains();
    const [duplicate] = judge(told.events).convictions;
    const sentence = `Duplicated: w did 1 task (a) and then closed its channel or connection without an ack, ${AGAIN} Ack what is done before closing.`;
    expect(duplicate).toEqual(convicted("duplicated", sentence, ["a"], "w"));
  });

  it("by the end of its connection, where the effect was still under way when it came again", () => {
    const told = story().starts("w").stores("a").delivers("a", "w").asks("w", "a");
    told.hangsUp("w").connects("w").delivers("a", "w", { redelivered: true });
    told.finishes("w", "a").does("w", "a").acks("w", "a").drains();
    const sentence = `Duplicated: w did 1 task (a) and lost its connection before the broker had its ack, ${AGAIN} ${IDEMPOTENT}`;
    expect(judge(told.events)).toEqual(broken(oneDuplicated(sentence, "w")));
  });

  it("by the worker alone, where nothing was delivered again", () => {
    const told = done().does("w", "a").acks("w", "a").drains();
    const sentence =
      "Duplicated: w did 1 task (a) more than once, though nothing was delivered again. Do the effect once for each delivery, or make it idempotent by the task's id.";
    expect(judge(told.events)).toEqual(broken(oneDuplicated(sentence, "w")));
  });
});

describe("A fault of an audit has landed", () => {
  const inject = (fault: FaultName) =>
    story().starts("w").stores("a").delivers("a", "w").injects(fault, "w", "now", "a");
  const finished = (told: Story, fault: FaultName) =>
    told.witnesses(fault).does("w", "a").acks("w", "a").drains();
  const text = "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out";
  const closed = (told: Story, text: string) =>
    told.closesChannel("x").closesChannel("w", { by: "broker", code: 406, text });

  it.each<[FaultName, string, (told: Story) => Story, string | null]>([
    ["worker-term", "SIGTERM", (told) => told.signals("w", "SIGTERM"), null],
    ["worker-term", "nothing", (told) => told, "w was not sent SIGTERM after it"],
    [
      "worker-term",
      "another's",
      (told) => told.signals("v", "SIGTERM"),
      "w was not sent SIGTERM after it",
    ],
    [
      "worker-pause",
      "SIGSTOP and SIGCONT",
      (told) => told.signals("w", "SIGSTOP").signals("w", "SIGCONT"),
      null,
    ],
    [
      "worker-pause",
      "SIGSTOP alone",
      (told) => told.signals("w", "SIGSTOP"),
      "w was not sent SIGCONT after it",
    ],
    ["early-ack", "a forged ack", (told) => told.forges("w", "a"), null],
    ["early-ack", "nothing", (told) => told, "no ack was forged in the place of w"],
    [
      "early-ack",
      "another task's",
      (told) => told.forges("w", "b"),
      "no ack was forged in the place of w",
    ],
    ["consumer-timeout", "a cancel", (told) => told.cancels("w"), null],
    [
      "consumer-timeout",
      "its own cancel",
      (told) => told.cancels("w", "client"),
      "the broker took no channel or consumer of w for its timeout after it",
    ],
  ])("%s: by %s", (fault, _what, course, missing) => {
    const told = finished(course(inject(fault)), fault);
    const vacuity = missing === null ? [] : [`Fault 1 (${fault} of w): ${missing}.`];
    expect(judge(told.events)).toEqual(
      missing === null ? held(ONE_COMPLETED) : vacuous({ ...ONE_COMPLETED, vacuity }),
    );
  });

  it.each<[FaultName, string, string[]]>([
    ["channel-closure", "PRECONDITION_FAILED", []],
    ["consumer-timeout", text, []],
    [
      "consumer-timeout",
      "PRECONDITION_FAILED - unknown delivery tag 7",
      [
        "Fault 1 (consumer-timeout of w): the broker took no channel or consumer of w for its timeout after it.",
      ],
    ],
  ])("%s: by a close that says %s", (fault, text, vacuity) => {
    const told = closed(inject(fault).does("w", "a"), text).witnesses(fault);
    expect(judge(told.delivers("a", "v").acks("v", "a").drains().events).vacuity).toEqual(vacuity);
  });

  it("channel-closure: by no other's close", () => {
    const told = inject("channel-closure").closesChannel("w");
    const vacuity = ["Fault 1 (channel-closure of w): the broker closed no channel of w after it."];
    expect(
      judge(told.witnesses("channel-closure").works("v", "a").drains().events).vacuity,
    ).toEqual(vacuity);
  });

  it("worker-term: on nobody, where no process ran", () => {
    const told = story().stores("a").delivers("a", "w").injects("worker-term", "w");
    const vacuity = ["Fault 1 (worker-term of w): w was not running."];
    expect(judge(finished(told, "worker-term").events).vacuity).toEqual(vacuity);
  });
});

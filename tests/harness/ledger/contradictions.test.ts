import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";
import {
  broken,
  contradicted,
  held,
  ONE_COMPLETED,
  ONE_DUPLICATED,
  ONE_UNFINISHED,
  ONE_VANISHED,
  type Parts,
} from "./verdicts.ts";

const completed = () => story().stores("a").works("w", "a");

/** The whole verdict is this account, and that it can't be believed. */
function expectContradiction(
  told: Story,
  contradiction: string,
  parts: Parts = ONE_COMPLETED,
): void {
  const contradictions = [contradiction];
  expect(judge(told.events)).toEqual(contradicted({ ...parts, contradictions }));
}

function expectCompleted(told: Story): void {
  expect(judge(told.events)).toEqual(held(ONE_COMPLETED));
}

describe("The history itself", () => {
  it("contradicts itself when an event is missing in the middle", () => {
    const told = story().stores("a").consumes("w").works("w", "a").drains();
    told.events.splice(3, 1);
    expectContradiction(told, "The history is not whole: event 3 is followed by event 5.");
  });

  it("contradicts itself when its beginning is missing", () => {
    const told = story().declares().stores("a").works("w", "a").drains();
    told.events.shift();
    expectContradiction(told, "The history is not whole: it begins with event 2.");
  });

  it("contradicts itself when time runs backwards", () => {
    const told = completed().drains();
    const last = told.events.at(-1);
    if (last) last.at = 1;
    expectContradiction(
      told,
      "Time runs backwards in the history: event 8 is at 1 ms, after one at 7 ms.",
    );
  });

  it("is whole when two events share a time", () => {
    const told = completed().drains();
    for (const event of told.events) event.at = 5;
    expectCompleted(told);
  });
});

describe("The wire", () => {
  it("contradicts itself by bytes that are not AMQP", () => {
    const violation = { type: "protocol-violation", by: "client", text: "frame end missing" };
    const told = completed()
      .tells({ ...violation, subject: "w", connection: 2 } as never)
      .drains();
    expectContradiction(told, "Not AMQP on the wire: w, from the client: frame end missing.");
  });

  it("contradicts itself by a delivery after the connection's end", () => {
    const told = story().stores("a").delivers("a", "w");
    const { connection } = told.at("w");
    told.hangsUp("w").delivers("a", "w", { connection }).does("w", "a");
    told.acks("w", "a", { connection }).drains();
    expectContradiction(told, "1 message delivered to w on a connection that was already closed.");
  });

  it("may deliver on the connection that comes after", () => {
    expectCompleted(story().stores("a").delivers("a", "w").hangsUp("w").works("w", "a").drains());
  });

  it("contradicts itself by an ack of other tasks than its tag stands for", () => {
    const told = story().stores("a").delivers("a", "w").does("w", "a");
    told.acks("w", "a", { tasks: ["b"] }).drains();
    expectContradiction(told, "1 answer by w name other tasks than those unacked under the tag.");
  });

  it("may ack what the broker's close has already taken back", () => {
    const told = story().stores("a").delivers("a", "w").does("w", "a");
    told.closesChannel("w", { by: "broker", code: 406, text: "timeout" });
    told.acks("w", "a", { dropped: true }).delivers("a", "v").acks("v", "a").drains();
    expectCompleted(told);
  });

  it("may ack several tasks at once", () => {
    const told = story().stores("a", "b").delivers("a", "w").delivers("b", "w");
    told
      .does("w", "a")
      .does("w", "b")
      .acks("w", "b", { tasks: ["a", "b"], multiple: true });
    expect(judge(told.drains().events)).toEqual(
      held({
        account: { published: 2, confirmed: 2, completed: 2 },
        fates: { completed: ["a", "b"] },
      }),
    );
  });
});

describe("Confirms", () => {
  const NOTHING = "1 confirm or nack to publisher named no publish that reached the broker.";

  it.each([
    ["a confirm names nothing", () => completed().confirms("x", { tasks: [] })],
    ["a nack names nothing", () => completed().refuses("x", { tasks: [] })],
    ["a confirm names a task that was never published", () => completed().confirms("x")],
    ["a publish is confirmed twice", () => completed().confirms("a")],
    [
      "a publish that was kept from the broker is confirmed",
      () => completed().publishes("a", { dropped: true }).confirms("a"),
    ],
    [
      "a publish without mandatory is returned",
      () => completed().publishes("a", { mandatory: false }).returns("a"),
    ],
  ])("contradict the publishes when %s", (_what, told) => {
    expectContradiction(told().drains(), NOTHING);
  });

  it("contradict the wire when a returned task was delivered", () => {
    const told = story().publishes("a").returns("a").confirms("a").works("w", "a").drains();
    expectContradiction(
      told,
      "Returned as unroutable, yet delivered, done or drained: 1 task (a).",
      { account: { published: 1, returned: 1 } },
    );
  });
});

describe("The sink", () => {
  it("contradicts the wire by an effect for a task delivered to someone else", () => {
    const told = story().stores("a").delivers("a", "w").does("v", "a").acks("w", "a").drains();
    expectContradiction(
      told,
      "Effects by v for tasks that the wire never delivered to it: 1 task (a).",
    );
  });

  it("contradicts the wire by an effect for a task whose delivery never arrived", () => {
    const told = story().stores("a").delivers("a", "w", { dropped: true }).does("w", "a");
    expectContradiction(
      told.hangsUp("w").drains("tasks", "a"),
      "Effects by w for tasks that the wire never delivered to it: 1 task (a).",
      ONE_UNFINISHED,
    );
  });

  it("contradicts the wire by a line in the log of another subject", () => {
    const told = story()
      .stores("a")
      .delivers("a", "w")
      .does("w", "a")
      .acks("w", "a")
      .logs("v", "a")
      .drains();
    expectContradiction(
      told,
      "Effects by v for tasks that the wire never delivered to it: 1 task (a).",
      ONE_DUPLICATED,
    );
  });
});

describe("The drain", () => {
  it("contradicts the wire when it finds what was acked", () => {
    expectContradiction(
      completed().drains("tasks", "a"),
      "Drained from tasks although acked, with nothing between that could undo the ack: 1 task (a).",
      ONE_UNFINISHED,
    );
  });

  it.each([
    [
      "the ack never reached the broker",
      () => story().stores("a").delivers("a", "w").does("w", "a").acks("w", "a", { dropped: true }),
    ],
    [
      "the broker went down in between",
      () =>
        completed()
          .injects("broker-kill", "broker")
          .brokerDown("1")
          .brokerUp("2")
          .witnesses("broker-kill"),
    ],
    ["the connection broke after the ack", () => completed().hangsUp("w")],
    [
      "the broker closed the channel after the ack",
      () =>
        completed().closesChannel("w", { by: "broker", code: 406, text: "PRECONDITION_FAILED" }),
    ],
    ["it was published again", () => completed().stores("a")],
    [
      "the broker had cancelled the consumer, and taken back what it held",
      () => {
        const told = story().stores("a").delivers("a", "w").does("w", "a");
        const cancelled = { type: "consumer-cancelled", consumer: "c", by: "broker" } as const;
        return told.tells({ ...cancelled, ...told.at("w") }).acks("w", "a");
      },
    ],
  ])("may find what was acked when %s", (_what, told) => {
    expect(judge(told().drains("tasks", "a").events)).toEqual(broken(ONE_UNFINISHED));
  });

  it("may find a copy of what was acked in another queue", () => {
    const told = completed().declares("copies").drains("copies", "a").drains();
    expect(judge(told.events)).toEqual(broken(ONE_UNFINISHED));
  });

  it("may not find what was acked before a farewell", () => {
    expectContradiction(
      completed().hangsUp("w", { clean: true }).drains("tasks", "a"),
      "Drained from tasks although acked, with nothing between that could undo the ack: 1 task (a).",
      ONE_UNFINISHED,
    );
  });

  it("may not find what was acked before the channel closed in order", () => {
    expectContradiction(
      completed().closesChannel("w").hangsUp("w").drains("tasks", "a"),
      "Drained from tasks although acked, with nothing between that could undo the ack: 1 task (a).",
      ONE_UNFINISHED,
    );
  });

  it("may come twice, and counts for itself", () => {
    const told = story().stores("a").delivers("a", "w").hangsUp("w");
    expect(judge(told.drains("tasks", "a").drains().events)).toEqual(broken(ONE_UNFINISHED));
  });

  it("is missing for a declared queue", () => {
    const told = completed().declares("other").drains();
    expectContradiction(told, "other was never drained to its end: what is left there is unknown.");
  });

  it("is missing for a queue that tasks came from", () => {
    const told = story().stores("a").delivers("a", "w", { queue: "other" });
    expectContradiction(
      told.does("w", "a").acks("w", "a").drains(),
      "other was never drained to its end: what is left there is unknown.",
    );
  });

  it("is done when the broker no longer has the queue", () => {
    const gone = { type: "drain-finished", queue: "tasks", found: 0, gone: true } as const;
    expectCompleted(completed().tells(gone));
  });

  it("contradicts itself when it counts other than it reports", () => {
    const told = completed().tells({
      type: "drain-finished",
      queue: "tasks",
      found: 2,
      gone: false,
    });
    expectContradiction(
      told,
      "The drain contradicts itself: it counted 2 in tasks, and reported 0.",
    );
  });

  it("contradicts the wire when it keeps silent about what it received", () => {
    const told = story().stores("a").delivers("a", "drain").drains();
    expectContradiction(
      told,
      "The wire saw the drain receive what it never reported: 1 task (a).",
      ONE_VANISHED,
    );
  });

  it("can't call a task lost that a subject still holds", () => {
    const told = story().stores("a").delivers("a", "w").drains();
    expectContradiction(
      told,
      "No effect and not drained, but still unacked at a subject when the run was judged: 1 task (a).",
      ONE_VANISHED,
    );
  });

  it("can't lay more at the purge's door than it took", () => {
    const told = story().stores("a", "b");
    told.tells({ type: "queue-purged", queue: "tasks", count: 1 }).drains();
    expectContradiction(
      told,
      "More vanished than was purged: 2 are gone from tasks, and 1 were purged.",
      {
        account: { published: 2, confirmed: 2, discarded: 2 },
        fates: { discarded: ["a", "b"] },
      },
    );
  });
});

describe("Holds and processes", () => {
  it("contradict the end of the run when a hold is open", () => {
    expectContradiction(
      completed().holds("delivery", "b", "w").drains(),
      "A hold never ended: hold 1 (delivery of w).",
    );
  });

  it("are in order when the hold ended", () => {
    expectCompleted(completed().holds("delivery", "b", "w").endsHold("w").drains());
  });

  it("contradict the start when a process exits that nothing started", () => {
    expectContradiction(
      completed().exits("w", { code: 0, signal: null }).drains(),
      "w (pid 1) exited, but nothing started it.",
    );
  });

  it("contradict the harness when someone else killed the worker", () => {
    expectContradiction(
      completed().starts("w").exits("w").drains(),
      "w (pid 1) was killed by SIGKILL, but not by the harness: something else on this machine did it.",
    );
  });

  it.each([
    ["the harness killed it", () => completed().starts("w").dies("w")],
    ["it ended by itself", () => completed().starts("w").exits("w", { code: 1, signal: null })],
  ])("are in order when %s", (_what, told) => {
    expectCompleted(told().drains());
  });

  it("contradict the harness when another process of that name was killed", () => {
    expectContradiction(
      completed().starts("w", 1).dies("w", 1).starts("w", 2).exits("w", { pid: 2 }).drains(),
      "w (pid 2) was killed by SIGKILL, but not by the harness: something else on this machine did it.",
    );
  });

  it("contradict the harness when it meant to kill another one", () => {
    const kill = { type: "process-signalled", subject: "v", pid: 2, signal: "SIGKILL" } as const;
    expectContradiction(
      completed().starts("w").starts("v", 2).tells(kill).exits("w").drains(),
      "w (pid 1) was killed by SIGKILL, but not by the harness: something else on this machine did it.",
    );
  });

  it("contradict the harness when it killed the process that had the number before", () => {
    expectContradiction(
      completed().starts("w").dies("w").starts("w").exits("w").drains(),
      "w (pid 1) was killed by SIGKILL, but not by the harness: something else on this machine did it.",
    );
  });

  it("contradict the harness when the broker died again after its fault", () => {
    const told = completed().brokerUp("1").injects("broker-kill", "broker").brokerDown("1");
    expectContradiction(
      told.brokerUp("2").witnesses("broker-kill").brokerDown("2").drains(),
      "The broker died on its own: boot 2 ended with exit code 137, and no fault asked for it.",
    );
  });

  it("contradict the harness when the broker died without a fault", () => {
    expectContradiction(
      completed().brokerUp("1").brokerDown("1").drains(),
      "The broker died on its own: boot 1 ended with exit code 137, and no fault asked for it.",
    );
  });
});

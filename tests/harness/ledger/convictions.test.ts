import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Conviction } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";
import { broken, convicted, held, ONE_COMPLETED, oneLost } from "./verdicts.ts";

const completed = () => story().stores("a").works("w", "a");

/** Convictions that don't break a promise by themselves. */
function expectConvicted(told: Story, ...convictions: Conviction[]): void {
  expect(judge(told.events)).toEqual(held({ ...ONE_COMPLETED, convictions }));
}

function expectCompleted(told: Story): void {
  expectConvicted(told);
}

describe("At risk", () => {
  const risk = convicted(
    "at risk",
    "w acked 1 task before the effect was done: a death in between loses what the broker has already forgotten. Ack only after the effect is done.",
    ["a"],
    "w",
  );
  const expectAtRisk = (told: Story) =>
    expect(judge(told.events)).toEqual(broken({ ...ONE_COMPLETED, convictions: [risk] }));
  const delivered = () => story().stores("a").delivers("a", "w");

  it("is a task acked before its effect was asked for", () => {
    expectAtRisk(delivered().acks("w", "a").does("w", "a").drains());
  });

  it("is a task acked while its effect was under way", () => {
    expectAtRisk(delivered().asks("w", "a").acks("w", "a").finishes("w", "a").drains());
  });

  it("is a task whose ack was sent too early, and held until the effect was done", () => {
    const told = delivered().holds("ack", "a", "w").does("w", "a").endsHold("w", "forwarded");
    expectAtRisk(told.acks("w", "a").drains());
  });

  it("is a task acked while a second effect was under way", () => {
    const told = delivered().does("w", "a").hangsUp("w", { by: "broker" }).delivers("a", "w");
    const verdict = judge(told.asks("w", "a").acks("w", "a").abandons("w", "a").drains().events);
    expect(verdict).toEqual(broken({ ...ONE_COMPLETED, convictions: [risk] }));
  });

  it("is no task acked after its effect", () => {
    expectCompleted(delivered().does("w", "a").acks("w", "a").drains());
  });

  it("is no task whose early ack never reached the broker", () => {
    const told = delivered().acks("w", "a", { dropped: true }).hangsUp("w").works("w", "a");
    expectCompleted(told.drains());
  });

  it("is no task that another worker had done before", () => {
    const told = delivered().does("w", "a").injects("worker-kill", "w").starts("w").dies("w");
    told.hangsUp("w").witnesses("worker-kill").delivers("a", "v").acks("v", "a");
    expectCompleted(told.drains());
  });

  it("is no task that the worker published again before its ack", () => {
    const told = delivered().publishes("a", { subject: "w" }).confirms("a", { subject: "w" });
    expectCompleted(told.acks("w", "a").works("w", "a").drains());
  });

  it("is no task that the effect log has, whenever it was written", () => {
    expectCompleted(delivered().acks("w", "a").logs("w", "a").drains());
  });
});

describe("Automatic acks", () => {
  const automatic = convicted(
    "automatic acks",
    "w took 1 message with automatic acks, which also ignore prefetch. Consume with noAck: false.",
    ["a"],
    "w",
  );
  const risk = convicted(
    "at risk",
    "1 task acked automatically on the way to w, before the effect was done: a death in between loses what the broker has already forgotten. Consume with noAck: false, and ack after the effect is done.",
    ["a"],
    "w",
  );
  const sent = () => story().stores("a").delivers("a", "w", { noAck: true });

  it("put every task at risk, even where nothing was lost", () => {
    expect(judge(sent().does("w", "a").drains().events)).toEqual(
      broken({ ...ONE_COMPLETED, convictions: [risk, automatic], reasons: [risk.sentence] }),
    );
  });

  it("lose what the worker had been sent when it died", () => {
    const told = sent().starts("w").injects("worker-kill", "w").dies("w").hangsUp("w");
    const lost = oneLost(
      "Lost: 1 task (a) sent to w with automatic acks; the effect never happened, and the broker forgets what it sends that way. Consume with noAck: false, and ack after the effect is done.",
      "w",
    );
    expect(judge(told.witnesses("worker-kill").drains().events)).toEqual(
      broken({
        ...lost,
        convictions: [...lost.convictions, risk, automatic],
        reasons: [...lost.convictions, risk].map(({ sentence }) => sentence),
      }),
    );
  });

  it("are no matter of a consumer that received nothing", () => {
    expectCompleted(completed().consumes("v", { noAck: true, prefetch: 0 }).drains());
  });
});

describe("Transient publishes", () => {
  const transient = convicted(
    "transient publishes",
    "p published 1 task as transient to a durable queue, which forgets what is transient when the broker restarts. Publish with persistent: true.",
    ["a"],
    "p",
  );
  const by =
    (subject: string, exchange = "", routingKey = "tasks") =>
    (told: Story) =>
      told
        .publishes("a", { subject, exchange, routingKey, persistent: false })
        .confirms("a", { subject })
        .works("w", "a");

  it("convict a producer", () => {
    expectConvicted(by("p")(story()).drains(), transient);
  });

  it("convict a producer whose exchange may lead to a durable queue", () => {
    expectConvicted(by("p", "work")(story()).drains(), transient);
  });

  it("don't convict the harness", () => {
    expectCompleted(by("publisher")(story()).drains());
  });

  it.each([
    ["is not durable", { durable: false }],
    ["is a quorum queue, which keeps them", { queueType: "quorum" }],
  ] as const)("don't convict where the queue %s", (_what, settings) => {
    expectCompleted(by("p")(story().declares("tasks", settings)).drains());
  });
});

describe("Unconfirmed publishes", () => {
  const told = (subject: string) => completed().publishes("a", { subject, tag: null }).drains();

  it("convict a producer", () => {
    const sentence =
      "p made 1 publish without confirms, and cannot know whether the broker has them. Publish on a confirm channel, and wait for the confirm.";
    expectConvicted(told("p"), convicted("unconfirmed publishes", sentence, ["a"], "p"));
  });

  it("don't convict the harness", () => {
    expectCompleted(told("publisher"));
  });

  it("are none when a fault kept the publish from the broker", () => {
    const dropped = { subject: "p", tag: null, dropped: true } as const;
    expectCompleted(completed().publishes("a", dropped).drains());
  });
});

describe("Unbounded prefetch", () => {
  it("convicts a consumer", () => {
    const sentence =
      "w started 1 consumer without a prefetch limit: one worker takes the whole queue, and gives all of it back when it dies. Set a prefetch before consuming.";
    expectConvicted(
      completed().consumes("w", { prefetch: 0 }).drains(),
      convicted("unbounded prefetch", sentence, [], "w"),
    );
  });

  it("is no matter of a bounded consumer, nor of the drain", () => {
    expectCompleted(completed().consumes("w").consumes("drain", { prefetch: 0 }).drains());
  });
});

describe("An unknown delivery tag", () => {
  const twice = () => completed().acks("w", "a", { tasks: [] });
  const unknown = (answer = "") =>
    convicted(
      "unknown delivery tag",
      `w acked or rejected 1 delivery tag that named nothing unacked${answer}. Answer each delivery once, on the channel that it came on.`,
      [],
      "w",
    );
  const text = "PRECONDITION_FAILED - unknown delivery tag 1";

  it("convicts, in the broker's words", () => {
    const told = twice().closesChannel("w", { by: "broker", code: 406, text }).drains();
    expectConvicted(told, unknown(`, and the broker closed the channel ("${text}")`));
  });

  it("convicts, whether or not the broker has said so", () => {
    expectConvicted(twice().drains(), unknown());
  });

  it("is no ack that crosses the broker's close", () => {
    const told = completed().closesChannel("w", { by: "broker", code: 406, text: "timeout" });
    expectCompleted(told.acks("w", "a", { tasks: [] }).drains());
  });

  it("is no ack of everything where there is nothing", () => {
    const all = { tasks: [], tag: 0, multiple: true };
    expectCompleted(completed().acks("w", "a", all).drains());
  });
});

describe("Never acked", () => {
  const neverAcked = convicted(
    "never acked",
    "w did the effect of 1 task and never acked the delivery, so the broker delivers again what is done. Ack after the effect, and close the channel before the connection.",
    ["a"],
    "w",
  );
  const done = () => story().stores("a").delivers("a", "w").does("w", "a");

  it("convicts when the run ended", () => {
    expectConvicted(done().drains(), neverAcked);
  });

  it("convicts when the worker closed its channel", () => {
    const told = done().closesChannel("w").delivers("a", "v").acks("v", "a");
    expectConvicted(told.drains(), neverAcked);
  });

  it("convicts when the harness ended the worker without a fault", () => {
    const told = done().starts("w").dies("w").hangsUp("w").delivers("a", "v").acks("v", "a");
    expectConvicted(told.drains(), neverAcked);
  });

  it("is explained by a fault since the delivery", () => {
    const told = done().starts("w").injects("worker-kill", "w").dies("w").hangsUp("w");
    expectCompleted(told.witnesses("worker-kill").delivers("a", "v").acks("v", "a").drains());
  });

  it("is explained by the broker's close", () => {
    const told = done().closesChannel("w", { by: "broker", code: 406, text: "timeout" });
    expectCompleted(told.delivers("a", "v").acks("v", "a").drains());
  });

  it("is explained by an ack that never reached the broker", () => {
    const told = done().acks("w", "a", { dropped: true }).hangsUp("w");
    expectCompleted(told.delivers("a", "v").acks("v", "a").drains());
  });
});

/** Why tasks remain: workers that crashed, that hang, or that no longer consume. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Conviction, Expectation } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";
import { broken, convicted, held, ONE_COMPLETED, ONE_UNFINISHED } from "./verdicts.ts";

const AUDIT: Expectation = { convictions: "all" };
const RECONNECT =
  "Listen for the error and the close of connection and channel, and connect again after a pause that grows.";

const starts = () => story().starts("w").connects("w").consumes("w");
const reset = (told: Story) =>
  told.injects("connection-reset", "w").hangsUp("w", { by: "link" }).witnesses("connection-reset");
/** The harness stops it, and finds these tasks. */
const ends = (told: Story, ...tasks: string[]) =>
  told
    .signals("w", "SIGTERM")
    .exits("w", { code: 0, signal: null })
    .hangsUp("w", { clean: true })
    .drains("tasks", ...tasks);

const exits = (told: Story, code: number) => told.exits("w", { code, signal: null });

/** The one task remains, and this alone is the reason. */
function expectRemaining(told: Story, conviction: Conviction): void {
  const { account, fates } = ONE_UNFINISHED;
  const convictions = [conviction];
  expect(judge(told.events, AUDIT)).toEqual(broken({ account, fates, convictions }));
}

function kindsOf(told: Story, but: Expectation = {}): string[] {
  return judge(told.events, { ...AUDIT, ...but }).convictions.map(({ kind }) => kind);
}

describe("Not consuming", () => {
  const told = (loss: string) =>
    convicted(
      "not consuming",
      `w was connected and had no consumer (${loss}), while 1 task (a) waited. Consume again whenever the consumer is cancelled, its channel is closed, or the connection is a new one.`,
      ["a"],
      "w",
    );

  it.each<[string, (told: Story) => Story]>([
    ["the broker cancelled it", (told) => told.cancels("w")],
    ["it cancelled it itself", (told) => told.cancels("w", "client")],
    [
      "its channel was closed by the broker (406 timeout)",
      (told) => told.closesChannel("w", { by: "broker", code: 406, text: "timeout" }),
    ],
    [
      "its connection ended, and on the next one it did not consume",
      (told) => reset(told.stores("b").works("w", "b")).connects("w"),
    ],
    [
      "its connection ended",
      (told) =>
        told.tells({ type: "connection-opened", subject: "w", connection: 99 }).hangsUp("w"),
    ],
  ])("convicts a worker that lost its consumer: %s", (loss, course) => {
    const verdict = judge(ends(course(starts()).stores("a"), "a").events, AUDIT);
    expect(verdict.convictions).toEqual([told(loss)]);
    expect(verdict.reasons).toEqual([told(loss).sentence]);
  });

  it("convicts one that never consumed", () => {
    const never = story().starts("w").connects("w").stores("a");
    expectRemaining(ends(never, "a"), told("it never had one"));
  });

  it("is judged before the drain, where nothing stops the worker", () => {
    expectRemaining(
      starts().cancels("w").stores("a").drains("tasks", "a"),
      told("the broker cancelled it"),
    );
  });

  it("is no matter where no task waits", () => {
    const cancelled = starts().stores("a").works("w", "a").cancels("w");
    expect(judge(ends(cancelled).events, AUDIT)).toEqual(held(ONE_COMPLETED));
  });

  it("is no matter once it consumes again", () => {
    const again = starts().cancels("w").consumes("w").stores("a");
    expect(kindsOf(ends(again, "a"))).toEqual(["remaining"]);
  });

  it("is no matter of a worker that the harness has stopped, by a fault or not", () => {
    const termed = starts().stores("a").injects("worker-term", "w").signals("w", "SIGTERM");
    termed.cancels("w", "client").witnesses("worker-term");
    exits(termed, 0).hangsUp("w", { clean: true });
    expect(kindsOf(termed.drains("tasks", "a"))).toEqual(["remaining"]);
  });

  it("is no matter of a worker that stands still", () => {
    const stopped = starts().cancels("w").stores("a").signals("w", "SIGSTOP");
    expect(kindsOf(stopped.drains("tasks", "a"))).toEqual(["remaining"]);
  });

  it("is not judged when a fault ends another one: the experiment goes on", () => {
    const told = starts().starts("v").connects("v").stores("a");
    told.injects("worker-term", "w").signals("w", "SIGTERM").consumes("v");
    exits(told.witnesses("worker-term"), 0).hangsUp("w", { clean: true });
    expect(kindsOf(told.drains("tasks", "a"))).toEqual(["remaining"]);
  });

  it("is not judged when another one is stopped before a last start", () => {
    const told = starts().starts("v").connects("v").stores("a").signals("w", "SIGTERM");
    exits(told, 0).hangsUp("w", { clean: true }).starts("w", 2).consumes("v").dies("w", 2);
    expect(kindsOf(told.drains("tasks", "a"))).toEqual(["remaining"]);
  });

  it("is no matter of the suite's own experiments", () => {
    const verdict = judge(ends(starts().cancels("w").stores("a"), "a").events);
    expect(verdict.convictions.map(({ kind }) => kind)).toEqual(["remaining"]);
  });
});

describe("Crashed on", () => {
  const crashed = (sentence: string, tasks = ["a"]) => {
    return { ...convicted("crashed on", sentence, tasks, "w"), exited: true as const };
  };

  it("convicts a worker that does not survive a fault, and nobody takes over", () => {
    const told = exits(reset(starts().stores("a").delivers("a", "w")), 1);
    const sentence = `w crashed (exit code 1), after its connection was reset, and left 1 task (a) behind: nobody had told it to end. ${RECONNECT}`;
    expectRemaining(told.drains("tasks", "a"), crashed(sentence));
  });

  it("convicts it where another one does the work, of what it had in hand", () => {
    const told = starts().connects("v").consumes("v").stores("a").delivers("a", "w").asks("w", "a");
    exits(told.abandons("w", "a"), 1).hangsUp("w").works("v", "a").drains();
    const sentence =
      "w crashed (exit code 1), and left 1 task (a) behind: nobody had told it to end. A worker runs until it is told to end.";
    const convictions = [crashed(sentence)];
    expect(judge(told.events, AUDIT)).toEqual(broken({ ...ONE_COMPLETED, convictions }));
  });

  it("convicts one that ends by itself in order", () => {
    const told = exits(starts().stores("a").works("w", "a").hangsUp("w", { clean: true }), 0);
    const sentence =
      "w ended by itself (exit code 0): nobody had told it to end. A worker runs until it is told to end.";
    const convictions = [crashed(sentence, [])];
    expect(judge(told.drains().events, AUDIT)).toEqual(broken({ ...ONE_COMPLETED, convictions }));
  });

  it("convicts one that breaks on a task that nobody can do", () => {
    const told = starts().poisons("a").stores("a").delivers("a", "w");
    exits(told, 1).hangsUp("w").drains("tasks", "a");
    const sentence =
      "w crashed (exit code 1), on a task that can't be done, and left 1 task (a) behind: nobody had told it to end. Catch what a task throws, and reject the task without requeue.";
    expectRemaining(told, crashed(sentence));
  });

  it("convicts one that was stopped and continued, and not told to end", () => {
    const told = starts().stores("a").works("w", "a").injects("worker-pause", "w");
    told.signals("w", "SIGSTOP").witnesses("worker-pause").signals("w", "SIGCONT");
    expect(kindsOf(exits(told, 1).hangsUp("w").drains())).toEqual(["crashed on"]);
  });

  it.each(["SIGTERM", "SIGKILL", "SIGINT"])("is no exit after a %s by the harness", (signal) => {
    const told = starts().stores("a").works("w", "a").signals("w", signal);
    expect(kindsOf(exits(told, 1).hangsUp("w").drains())).toEqual([]);
  });

  it("is no matter where a supervisor starts it again", () => {
    const told = exits(reset(starts().stores("a").delivers("a", "w")), 1).starts("w", 2);
    told.connects("w").consumes("w").works("w", "a").drains();
    expect(kindsOf(told)).toEqual(["crashed on"]);
    expect(judge(told.events, { ...AUDIT, exits: "allow" })).toEqual(held(ONE_COMPLETED));
  });

  it("leaves what remains to be told where exits are allowed", () => {
    const told = exits(reset(starts().stores("a").delivers("a", "w")), 1).drains("tasks", "a");
    expect(kindsOf(told, { exits: "allow" })).toEqual(["remaining"]);
  });

  it("is no matter of the suite's own experiments: producers end by themselves", () => {
    const told = exits(starts().stores("a").works("w", "a").hangsUp("w", { clean: true }), 0);
    expect(judge(told.drains().events)).toEqual(held(ONE_COMPLETED));
  });
});

describe("A hang", () => {
  const hung = (sentence: string) => convicted("crashed on", sentence, ["a"], "w");

  it("is to be alive without a connection, and silent, while tasks wait", () => {
    const told = reset(starts().stores("a").delivers("a", "w")).waits(2_000);
    const sentence = `w hangs after its connection was reset: its process is alive, has no connection, and had done nothing for 2.0 s while 1 task (a) waited. ${RECONNECT} Give every wait a deadline, and leave heartbeats on.`;
    expectRemaining(ends(told, "a"), hung(sentence));
  });

  it("is to hold tasks, and neither to do nor to answer them", () => {
    const told = starts().stores("a").delivers("a", "w").injects("memory-alarm", "broker");
    told.witnesses("memory-alarm").fails("w", "a").waits(3_000);
    const sentence =
      "w hangs after the broker's memory alarm: it holds 1 task (a), and had neither done nor answered anything for 3.0 s. Give every wait a deadline, and answer each delivery, whatever becomes of its work.";
    expectRemaining(ends(told, "a"), hung(sentence));
  });

  it("is told as an answer that is missing, where the worker did other tasks since", () => {
    const told = starts().poisons("a").stores("a", "b").delivers("a", "w").delivers("b", "w");
    told.fails("w", "a").does("w", "b").acks("w", "b").waits(3_000);
    const { convictions } = judge(ends(told, "a").events, AUDIT);
    expect(convictions).toEqual([
      hung(
        "w never acked, rejected or gave back 1 task (a), whose effect was refused with HTTP 422: it did other tasks since, and had then done nothing for 3.0 s. Answer each delivery, whatever becomes of its work.",
      ),
    ]);
  });

  it("may be that of a single call, where the worker did other tasks since", () => {
    const told = starts().stores("a", "b").delivers("a", "w").delivers("b", "w");
    told.asks("w", "a").does("w", "b").acks("w", "b").abandons("w", "a").waits(3_000);
    const { convictions } = judge(ends(told, "a").events, AUDIT);
    expect(convictions).toEqual([
      hung(
        "w never acked, rejected or gave back 1 task (a): it did other tasks since, and had then done nothing for 3.0 s. Answer each delivery, whatever becomes of its work, and give every wait a deadline.",
      ),
    ]);
  });

  it("names no refusal where not all of them were refused", () => {
    const told = starts().stores("a", "b", "c").delivers("a", "w").delivers("b", "w");
    told.fails("w", "a").asks("w", "b").works("w", "c").abandons("w", "b").waits(3_000);
    const { convictions } = judge(ends(told, "a", "b").events, AUDIT);
    expect(convictions).toMatchObject([{ kind: "crashed on", tasks: ["a", "b"] }]);
    expect(convictions[0]?.sentence).toContain("gave back 2 tasks (a, b): it did other tasks");
  });

  it.each<[string, (told: Story) => Story]>([
    ["did them before", (told) => told.works("w", "b").fails("w", "a")],
    [
      "did them before it tried again",
      (told) => told.fails("w", "a").works("w", "b").fails("w", "a"),
    ],
    ["has not begun what it holds", (told) => told.works("w", "b")],
    ["left them to others", (told) => told.fails("w", "a").works("v", "b")],
  ])("is still told as one where the worker %s", (_what, course) => {
    const told = course(starts().stores("a", "b").delivers("a", "w")).waits(3_000);
    const { convictions } = judge(ends(told, "a").events, AUDIT);
    const sentence = expect.stringContaining("w hangs: it holds 1 task (a)");
    expect(convictions).toEqual([expect.objectContaining({ sentence })]);
  });

  it("is none while it may be about to connect again", () => {
    const told = reset(starts().stores("a").delivers("a", "w")).waits(500);
    expect(kindsOf(ends(told, "a"))).toEqual(["remaining"]);
    const tries = reset(starts().stores("a").delivers("a", "w")).waits(5_000);
    tries.tells({ type: "connection-refused", subject: "w", injection: 1 });
    expect(kindsOf(ends(tries, "a"))).toEqual(["remaining"]);
  });

  it("is none where others have done all the work", () => {
    const told = reset(starts().stores("a").delivers("a", "w")).works("v", "a").waits(9_000);
    expect(judge(ends(told).events, AUDIT)).toEqual(held(ONE_COMPLETED));
  });

  it("is none while the sink keeps its effect", () => {
    const told = starts().stores("a").delivers("a", "w").asks("w", "a").waits(9_000);
    expect(kindsOf(ends(told, "a"))).toEqual(["remaining"]);
  });

  it("is none of a worker whose effects nobody sees as they happen", () => {
    const told = starts().stores("a").delivers("a", "w").waits(9_000);
    expect(kindsOf(ends(told, "a"))).toEqual(["remaining"]);
  });

  it("is told as what it is where the work was done and never acked", () => {
    const told = starts().stores("a").delivers("a", "w").does("w", "a").waits(9_000);
    expect(kindsOf(ends(told, "a"))).toEqual(["remaining", "never acked"]);
  });
});

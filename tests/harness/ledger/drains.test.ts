/** How workers end when SIGTERM asks them to. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Conviction } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";
import { convicted } from "./verdicts.ts";

/** `w` takes one task at a time, has `a` in hand, and is asked to end. */
const asked = (prefetch = 1) =>
  inHand(prefetch).injects("worker-term", "w").signals("w", "SIGTERM");
const inHand = (prefetch = 1) =>
  story()
    .starts("w")
    .consumes("w", { prefetch })
    .stores("a", "b", "c", "d", "e")
    .delivers("a", "w")
    .asks("w", "a");

const leaves = (told: Story, code: number | null = 0, signal: string | null = null) =>
  told.exits("w", { code, signal });

/** Others do the rest; the whole of what is said of how `w` ended. */
function expectEnd(told: Story, rest: string[], ...convictions: Conviction[]): void {
  told.witnesses("worker-term").works("v", ...rest);
  const verdict = judge(told.drains().events, { convictions: "all" });
  expect({ doubts: [...verdict.vacuity, ...verdict.contradictions], ...verdict }).toMatchObject({
    doubts: [],
    outcome: convictions.length > 0 ? "broken" : "held",
    account: { published: 5, confirmed: 5, completed: 5 },
    convictions,
  });
}

const failed = (sentence: string, ...tasks: string[]) =>
  convicted("drain failed", sentence, tasks, "w");

describe("A drain", () => {
  const REST = ["b", "c", "d", "e"];

  it.each<[string, (told: Story) => Story]>([
    [
      "finishes what is in hand",
      (told) => leaves(told.finishes("w", "a").acks("w", "a").hangsUp("w", { clean: true })),
    ],
    [
      "ends by 143, as shells tell of SIGTERM",
      (told) => leaves(told.finishes("w", "a").acks("w", "a").hangsUp("w", { clean: true }), 143),
    ],
    [
      "ends by SIGTERM, raised again when everything is answered",
      (told) =>
        leaves(
          told.finishes("w", "a").acks("w", "a").hangsUp("w", { clean: true }),
          null,
          "SIGTERM",
        ),
    ],
  ])("is in order when it %s", (_how, course) => {
    expectEnd(course(asked()), REST);
  });

  it("is in order when it gives back what is in hand", () => {
    const told = asked().abandons("w", "a").rejects("w", "a", { requeue: true });
    expectEnd(leaves(told.hangsUp("w", { clean: true })), ["a", ...REST]);
  });

  it("is in order when SIGTERM ends a worker with nothing in hand", () => {
    const told = inHand().finishes("w", "a").acks("w", "a");
    told.injects("worker-term", "w").signals("w", "SIGTERM").hangsUp("w");
    expectEnd(leaves(told, null, "SIGTERM"), REST);
  });

  it("fails when it takes too long, and the harness kills it", () => {
    const told = asked().waits(5_000).dies("w").abandons("w", "a").hangsUp("w");
    const sentence =
      "w had not ended 5.0 s after SIGTERM, and was killed with 1 task (a) in hand. Handle SIGTERM: stop consuming, finish or give back what is in hand, close the connection, and exit.";
    expectEnd(told, ["a", ...REST], failed(sentence, "a"));
  });

  it("is not judged by a kill that was the next fault", () => {
    const told = asked().witnesses("worker-term").injects("worker-kill", "w", "mid-task", "a");
    told.dies("w").abandons("w", "a").hangsUp("w").witnesses("worker-kill");
    const fault = told.events.filter((event) => event.type.startsWith("fault-")).slice(2);
    for (const event of fault) Object.assign(event, { injection: 2 });
    expectEnd(told, ["a", ...REST]);
  });

  it("fails when SIGTERM itself ends the worker with a task in hand", () => {
    const told = leaves(asked().abandons("w", "a").hangsUp("w"), null, "SIGTERM");
    const sentence =
      "w was ended by SIGTERM itself, with 1 task (a) in hand. Handle SIGTERM (and run the worker directly, or under a shell that passes signals on): finish or give back what is in hand, then exit.";
    expectEnd(told, ["a", ...REST], failed(sentence, "a"));
  });

  it.each([
    ["exit code 1", 1, null],
    ["SIGABRT", null, "SIGABRT"],
  ])("fails when it ends by %s", (how, code, signal) => {
    const told = asked().finishes("w", "a").acks("w", "a").hangsUp("w", { clean: true });
    const sentence = `w answered SIGTERM with ${how}, which a supervisor takes for a crash. Exit with code 0 once everything in hand is finished or given back.`;
    expectEnd(leaves(told, code, signal), REST, failed(sentence));
  });
});

describe("After SIGTERM, a new task", () => {
  const finished = (told: Story) => told.finishes("w", "a").acks("w", "a");
  const left = (told: Story) => leaves(told.hangsUp("w", { clean: true }));
  const greedy = (task: string) =>
    failed(
      `w went on to take 1 new task after SIGTERM (${task}). Cancel the consumer as soon as SIGTERM comes, and begin nothing that is delivered after it.`,
      task,
    );

  it("is not taken by a process that gave it back, and whose successor does it", () => {
    const told = finished(asked()).delivers("b", "w").delivers("c", "w");
    leaves(told.hangsUp("w")).starts("w").consumes("w", { prefetch: 10 });
    expectEnd(told.works("w", "b", "c"), ["d", "e"]);
  });

  it("is taken by a worker that goes on as before", () => {
    const told = finished(asked()).works("w", "b", "c");
    expectEnd(left(told), ["d", "e"], greedy("c"));
  });

  it("is taken by one that goes on when it has long heard", () => {
    const told = finished(asked().waits(1_500)).works("w", "b");
    expectEnd(left(told), ["c", "d", "e"], greedy("b"));
  });

  it("is none when an ack that was on its way brought it, and it is finished", () => {
    expectEnd(left(finished(asked()).works("w", "b")), ["c", "d", "e"]);
  });

  it("is none when it was on its way to a prefetch that had room", () => {
    const told = finished(asked(3).delivers("b", "w").delivers("c", "w"));
    told.does("w", "b").does("w", "c").acks("w", "b").acks("w", "c");
    expectEnd(left(told), ["d", "e"]);
  });

  it("is none when it is given back, however late", () => {
    const told = finished(asked().waits(1_500)).delivers("b", "w");
    expectEnd(left(told.rejects("w", "b", { requeue: true })), ["b", "c", "d", "e"]);
  });

  it("is none when it is only delivered, and goes back with the channel", () => {
    const told = finished(asked().waits(1_500)).delivers("b", "w");
    expectEnd(left(told), ["b", "c", "d", "e"]);
  });
});

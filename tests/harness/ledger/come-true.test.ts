/** A fault that puts tasks at risk, and by which some were lost: it is told once, as the loss. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Expectation } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";

const AUDIT: Expectation = { convictions: "all" };
const ADVICE = "Ack only after the effect is done.";

const told = (events: Story, but: Expectation = {}) =>
  judge(events.events, { ...AUDIT, ...but }).convictions.map(({ kind, tasks, sentence }) => ({
    kind,
    tasks,
    sentence,
  }));

const kinds = (events: Story, but?: Expectation) => told(events, but).map(({ kind }) => kind);

/** `w` acks each of these tasks first, and does all but the last. */
function early(...tasks: string[]): Story {
  const events = story().stores(...tasks);
  for (const task of tasks) events.delivers(task, "w").acks("w", task);
  for (const task of tasks.slice(0, -1)) events.does("w", task);
  return events;
}

describe("By an audit's standard, a task that was lost by an early ack", () => {
  it("is told as lost, with how many others were acked as early", () => {
    expect(told(early("a", "b", "c").drains())).toEqual([
      {
        kind: "lost",
        tasks: ["c"],
        sentence: `Lost: w acked 1 task (c) whose effect never happened. ${ADVICE} 2 more tasks were acked before the effect as well, and done all the same.`,
      },
    ]);
    expect(told(early("a", "b").drains())[0]?.sentence).toMatch(
      /1 more task was acked before the effect as well, and done all the same\.$/,
    );
  });

  it("is told alone where there are no others", () => {
    const [only, ...rest] = told(early("a").drains());
    expect(only?.sentence).toBe(`Lost: w acked 1 task (a) whose effect never happened. ${ADVICE}`);
    expect(rest).toEqual([]);
  });

  it("is told as lost where the acks are automatic, too", () => {
    const events = story().consumes("w", { noAck: true }).stores("a", "b");
    for (const task of ["a", "b"]) events.delivers(task, "w", { noAck: true });
    expect(kinds(events.does("w", "a").hangsUp("w").drains())).toEqual(["lost", "automatic acks"]);
  });
});

describe("A task at risk is told as such", () => {
  const loses = (events: Story) => events.stores("z").delivers("z", "v");

  it("where nothing was lost", () => {
    expect(kinds(early("a", "b").does("w", "b").drains())).toEqual(["at risk"]);
  });

  it("where somebody else lost a task", () => {
    const events = loses(early("a", "b").does("w", "b")).acks("v", "z").drains();
    expect(kinds(events)).toEqual(["lost", "at risk"]);
  });

  it("where its subject lost another by a reject", () => {
    const events = early("a", "b").does("w", "b").stores("z").delivers("z", "w");
    expect(kinds(events.rejects("w", "z").drains())).toEqual(["lost", "at risk"]);
  });

  it("where losses are allowed", () => {
    expect(kinds(early("a", "b").drains(), { allow: ["lost"] })).toEqual(["lost", "at risk"]);
  });

  it("by the ledger's own standard, besides the loss", () => {
    const { convictions } = judge(early("a", "b").drains().events);
    expect(convictions.map(({ kind, tasks }) => [kind, tasks])).toEqual([
      ["lost", ["b"]],
      ["at risk", ["a", "b"]],
    ]);
  });
});

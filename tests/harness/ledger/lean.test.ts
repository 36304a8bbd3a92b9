/** A ledger that keeps only what went wrong judges as one that keeps all. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ledger } from "../../../harness/ledger/ledger.ts";
import type { Expectation, Verdict } from "../../../harness/ledger/verdict.ts";
import { type Story, story } from "./history-builder.ts";
import { randomStory } from "./random-story.ts";

const STANDARDS: Expectation[] = [
  {},
  { convictions: "all", deliveries: 2 },
  { effects: "unobserved" },
];

function ledgerOf({ events }: Story, keep: "all" | "wrong" = "wrong"): Ledger {
  const ledger = new Ledger({ keep });
  for (const event of events) ledger.add(event);
  return ledger;
}

/** Tasks may be told in another order: one comes back that was let go. */
function unordered({ fates, convictions, contradictions, reasons, ...rest }: Verdict) {
  const shuffled = (text: string) => text.replace(/\([^()]*\)/g, "");
  return {
    ...rest,
    contradictions: contradictions.map(shuffled).sort(),
    reasons: reasons.map(shuffled).sort(),
    fates: Object.fromEntries(
      Object.entries(fates).map(([fate, ids]) => [
        fate,
        fate === "completed" ? [] : ids.toSorted(),
      ]),
    ),
    convictions: convictions
      .map((one) => ({ ...one, sentence: shuffled(one.sentence), tasks: one.tasks.toSorted() }))
      .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
  };
}

describe("A ledger that keeps only what went wrong", () => {
  it("judges as one that keeps all, whatever happened", () => {
    const histories = fc.record({ seed: fc.nat(), steps: fc.integer({ min: 5, max: 120 }) });
    fc.assert(
      fc.property(histories, ({ seed, steps }) => {
        const told = randomStory(seed, steps);
        const [lean, whole] = [ledgerOf(told), ledgerOf(told, "all")];
        expect(lean.account()).toEqual(whole.account());
        expect(lean.outstanding().sort()).toEqual(whole.outstanding().sort());
        for (const standard of STANDARDS) {
          expect(unordered(lean.verdict(standard))).toEqual(unordered(whole.verdict(standard)));
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it("keeps nothing of a task that was just done, but that it was", () => {
    const lean = ledgerOf(story().stores("a").works("w", "a").drains());
    expect(lean.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
    expect(lean.fates()).toEqual(new Map());
    expect(lean.life("a")).toEqual([]);
    expect(lean.isFinished("a")).toBe(true);
  });

  it("keeps nothing of what strikes processes", () => {
    const told = story().stores("a").delivers("a", "w").injects("worker-kill", "w").dies("w");
    expect(ledgerOf(told).life("a").length).toBe(3);
    expect(ledgerOf(told, "all").life("a").length).toBe(6);
  });

  it("takes a task back to which something happens after all", () => {
    const told = story().stores("a").works("w", "a").does("w", "a");
    const lean = ledgerOf(told);
    expect(lean.account()).toEqual({ published: 1, confirmed: 1, duplicated: 1 });
    expect(lean.life("a")).toEqual(told.events.slice(-2));
    expect(lean.isFinished("a")).toBe(false);
  });

  it("does not let go of a task whose ack named another one", () => {
    const told = story().stores("a", "b").delivers("a", "w").does("w", "a");
    const lean = ledgerOf(told.acks("w", "a", { tasks: ["b"] }));
    expect(lean.outstanding()).toEqual(["b"]);
    expect(lean.isFinished("a")).toBe(false);
  });

  it("knows of a task that it takes back whether its ack stood", () => {
    const done = () => story().brokerUp("1").stores("a").works("w", "a");
    const crashed = done().injects("broker-kill", "broker").brokerDown("1").brokerUp("2");
    const words = "Drained from tasks although acked";
    for (const keep of ["wrong", "all"] as const) {
      const of = (told: Story) => ledgerOf(told, keep).verdict().contradictions.join();
      expect(of(done().drains("tasks", "a"))).toContain(words);
      expect(of(crashed)).not.toContain(words);
    }
    expect(ledgerOf(crashed.drains("tasks", "a")).verdict().contradictions.join()).toBe("");
  });

  it.each<[string, () => Story]>([
    ["is on its way", () => story().stores("a").delivers("a", "w").does("w", "a")],
    ["was acked early", () => story().stores("a").delivers("a", "w").acks("w", "a").does("w", "a")],
    ["was held", () => story().stores("a").delivers("a", "w").holds("ack", "a", "w")],
    ["was done twice", () => story().stores("a").delivers("a", "w").does("w", "a").does("w", "a")],
    [
      "was published by a careless worker",
      () =>
        story()
          .publishes("a", { subject: "p", mandatory: false })
          .confirms("a", { subject: "p" })
          .works("w", "a"),
    ],
  ])("keeps a task with its whole life that %s", (_why, told) => {
    const { events } = told();
    const lean = ledgerOf({ events } as Story);
    expect(lean.life("a")).toEqual(ledgerOf({ events } as Story, "all").life("a"));
    expect(lean.life("a").length).toBe(events.length - 1);
  });
});

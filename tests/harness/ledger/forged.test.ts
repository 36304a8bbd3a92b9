/** What a forged ack means to those who wait for deliveries, and to how workers stand at the end. */
import { describe, expect, it } from "vitest";
import type { Gap } from "../../../harness/ledger/availability.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";

const gapOf = ({ events }: Story): Gap => judge(events).availability.run.deliveries;
const byBroker = { by: "broker" } as const;

describe("To deliveries, a forged ack", () => {
  const worker = (prefetch = 1) => story().starts("w").consumes("w", { prefetch });

  it("makes room for the next one, as any ack does", () => {
    const told = worker().stores("a", "b").delivers("a", "w").waits(9_000).forges("w", "a");
    expect(gapOf(told.waits(700).delivers("b", "w"))).toBe(701);
  });

  it("makes room for one alone", () => {
    const told = worker(2).stores("a", "b", "c", "d").delivers("a", "w").delivers("b", "w");
    const full = told.forges("w", "b").delivers("c", "w").waits(9_000).acks("w", "a");
    expect(gapOf(full.waits(20).delivers("d", "w"))).toBe(21);
  });

  it("is the end of its task: it does not come back with the connection", () => {
    const told = worker().consumes("v").stores("a").delivers("a", "w").forges("w", "a");
    const gone = told.hangsUp("w", byBroker).waits(9_000).stores("a");
    expect(gapOf(gone.works("v", "a"))).toBe(1);
  });

  it("is as final as an ack, with which nothing comes back either", () => {
    const told = worker().consumes("v").stores("a").works("w", "a");
    const gone = told.hangsUp("w", byBroker).waits(9_000).stores("a");
    expect(gapOf(gone.works("v", "a"))).toBe(1);
  });

  it("and a channel's end gives back once, and not again with its connection", () => {
    const told = worker().consumes("v").stores("a").delivers("a", "w").closesChannel("w", byBroker);
    const done = told.works("v", "a").hangsUp("w", byBroker).waits(9_000).stores("a");
    expect(gapOf(done.works("v", "a"))).toBe(1);
  });

  it("and any ack makes room on a channel with a common limit", () => {
    const limit = { type: "prefetch-set", count: 1, global: true } as const;
    const told = story().tells({ ...limit, ...story().at("w") });
    const busy = told.consumes("w", { prefetch: 0 }).stores("a", "b").works("w", "a");
    expect(gapOf(busy.waits(700).delivers("b", "w"))).toBe(701);
  });
});

describe("At the end, after a forged ack", () => {
  const AUDIT = { convictions: "all" } as const;
  const kindsOf = (told: Story) =>
    judge(told.events, AUDIT).convictions.map(({ kind, tasks }) => [kind, tasks]);
  const starts = () => story().starts("w").connects("w").consumes("w");
  const ends = (told: Story, ...tasks: string[]) =>
    told
      .signals("w", "SIGTERM", 2)
      .exits("w", { pid: 2, code: 0, signal: null })
      .hangsUp("w", { clean: true })
      .drains("tasks", ...tasks);
  /** The planted loss: `w` is killed by it, and started again. */
  const planted = (...others: string[]) => {
    const told = starts()
      .stores("a", ...others)
      .delivers("a", "w", { dropped: true });
    told.injects("early-ack", "w", "now", "a").forges("w", "a").dies("w").hangsUp("w");
    return told.witnesses("early-ack").starts("w", 2).connects("w");
  };

  it("the loss alone is told of a worker that goes on", () => {
    const told = planted("b").consumes("w").works("w", "b").waits(9_000);
    expect(kindsOf(ends(told))).toEqual([["lost", ["a"]]]);
  });

  it("a worker that does not consume any more is told besides", () => {
    expect(kindsOf(ends(planted("b").waits(9_000), "b"))).toEqual([
      ["lost", ["a"]],
      ["not consuming", ["b"]],
    ]);
  });

  it("one that hangs is told with what it holds besides, and not with what was acked for it", () => {
    const told = planted("b", "c").consumes("w").works("w", "b").delivers("c", "w").waits(9_000);
    expect(kindsOf(ends(told, "c"))).toEqual([
      ["lost", ["a"]],
      ["crashed on", ["c"]],
    ]);
  });

  it("one that has its task all the same, and fails it, does not hang: nothing remains", () => {
    const told = starts().stores("a").delivers("a", "w").forges("w", "a").fails("w", "a");
    told.waits(9_000).signals("w", "SIGTERM").exits("w", { code: 0, signal: null });
    expect(kindsOf(told.hangsUp("w", { clean: true }).drains())).toEqual([["lost", ["a"]]]);
  });
});

describe("A task whose ack was forged is in its worker's hand", () => {
  const forged = () => story().starts("w").stores("a").delivers("a", "w").forges("w", "a");
  const text = "PRECONDITION_FAILED - unknown delivery tag 1";
  const own = () => forged().does("w", "a").acks("w", "a", { tasks: [] });

  /** Would a kill of the worker have had nothing to lose? */
  const isIdle = (told: Story, moment: "now" | "delivered") => {
    told.injects("worker-kill", "w", moment, moment === "now" ? undefined : "a");
    const { vacuity } = judge(told.dies("w").witnesses("worker-kill").drains().events);
    return vacuity.length > 0;
  };

  it.each<[string, () => Story, boolean]>([
    ["until it answers", forged, false],
    ["and no longer when it has answered itself", own, true],
    ["and no longer when its connection has ended", () => forged().hangsUp("w"), true],
    [
      "and no longer when its channel has ended",
      () => forged().closesChannel("w", { by: "broker", code: 406, text }),
      true,
    ],
    [
      "while another one is answered",
      () =>
        story()
          .starts("w")
          .stores("b")
          .delivers("b", "w")
          .forges("w", "b")
          .does("w", "b")
          .acks("w", "b", { tasks: [] })
          .stores("a")
          .delivers("a", "w")
          .forges("w", "a"),
      false,
    ],
  ])("%s", (_when, told, idle) => {
    expect([isIdle(told(), "now"), isIdle(told(), "delivered")]).toEqual([idle, idle]);
  });
});

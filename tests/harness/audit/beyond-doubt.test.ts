/** What a control run counts for in which the worker's work was not seen, or that had no worker. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { beyondDoubt } from "../../../harness/audit/beyond-doubt.ts";
import type { Court } from "../../../harness/audit/court.ts";
import type { Effects } from "../../../harness/audit/options.ts";
import type { Tried } from "../../../harness/audit/run-trial.ts";
import { WORKER } from "../../../harness/audit/stand.ts";
import { SetupError } from "../../../harness/errors.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import { runsRoot } from "../../../harness/scenario/run-directory.ts";
import { type Story, story } from "../ledger/history-builder.ts";

const court = (effects: Effects = { kind: "sink" }) =>
  ({ options: { effects, ready: 3_000 }, run: "no-such-run" }) as Court;

function tried({ events }: Story, but: Partial<Tried> = {}): Tried {
  const { account, convictions } = judge(events, { convictions: "all" });
  const result = {
    name: "control",
    fault: "none",
    moment: "now",
    workers: 1,
    outcome: "broken",
    reasons: [],
    account,
    convictions,
    milliseconds: 1,
  } as const;
  const charges = convictions.map((one) => ({ ...one, trial: "control", life: [] }));
  return {
    ...{ verdict: undefined, error: undefined, left: 0, strays: { count: 0 } },
    ...{ queue: "tasks", charges, events, result: { ...result, reasons: [] } },
    ...but,
  };
}

const consuming = () => story().starts(WORKER).connects(WORKER).consumes(WORKER).stores("a");
const acksOnly = () => consuming().delivers("a", WORKER).acks(WORKER, "a");

const NOT_SEEN = (did: string, stray = "") =>
  `The worker ${did} and never called EFFECT_URL, so its work was not seen.${stray} Let it do its work by POST $EFFECT_URL/<id>, or say where its work shows: --effects log, probe, queue or none.`;

describe("A control run counts as it is", () => {
  it("where the worker called the sink", async () => {
    const as = tried(consuming().delivers("a", WORKER).asks(WORKER, "a").acks(WORKER, "a"));
    expect(await beyondDoubt(as, court())).toBe(as);
  });

  it.each<Effects>([{ kind: "none" }, { kind: "queue", queue: "done" }])(
    "where nobody expects it to, with %j",
    async (effects) => {
      const as = tried(acksOnly().drains());
      expect(await beyondDoubt(as, court(effects))).toBe(as);
    },
  );
});

describe("A control run in which no effect was logged", () => {
  const log = court({ kind: "log" });

  it("convicts of nothing where tasks were acked: the work may have been done elsewhere", async () => {
    const before = tried(acksOnly().drains());
    expect(before.result.convictions).toMatchObject([{ kind: "lost" }]);
    const { result, charges } = await beyondDoubt(before, log);
    expect(charges).toEqual([]);
    expect(result).toMatchObject({ outcome: "inconclusive", convictions: [] });
    expect(result.reasons).toEqual([
      "The worker was sent 1 task, acked once and wrote nothing to the file that EFFECT_LOG names, so its work was not seen. Let it append the task's id and a line feed there for each effect, or say where its work shows: --effects sink, probe, queue or none.",
    ]);
  });

  it.each<[string, Story]>([
    [
      "one effect of several was",
      acksOnly().stores("b").delivers("b", WORKER).acks(WORKER, "b").logs(WORKER, "a"),
    ],
    ["nothing was acked", consuming().delivers("a", WORKER).rejects(WORKER, "a")],
  ])("counts as it is where %s", async (_what, told) => {
    const as = tried(told.drains());
    expect(as.result.convictions).toMatchObject([{ kind: "lost" }]);
    expect(await beyondDoubt(as, log)).toBe(as);
  });

  it("keeps the doubt that there was before", async () => {
    const { result, ...before } = tried(acksOnly().drains());
    const reasons = ["The effect log of worker-1 ends within a line."];
    const as = { ...before, result: { ...result, outcome: "inconclusive" as const, reasons } };
    expect(await beyondDoubt(as, log)).toBe(as);
  });
});

describe("A control run in which the sink saw nothing convicts of nothing", () => {
  it.each<[string, Story, Partial<Tried>, string]>([
    ["and acked", acksOnly(), {}, NOT_SEEN("was sent 1 task, acked once")],
    [
      "and rejected",
      acksOnly().stores("b").delivers("b", WORKER).rejects(WORKER, "b"),
      {},
      NOT_SEEN("was sent 2 tasks, acked once, rejected once"),
    ],
    [
      "and acked twice",
      acksOnly().stores("b").delivers("b", WORKER).acks(WORKER, "b"),
      {},
      NOT_SEEN("was sent 2 tasks, acked 2 times"),
    ],
    [
      "and called something else",
      acksOnly(),
      { strays: { count: 1, last: "GET /health\u001b" } },
      NOT_SEEN(
        "was sent 1 task, acked once",
        " It sent a request there that is no effect, such as GET /health\\x1b.",
      ),
    ],
    [
      "and called much else",
      consuming(),
      { strays: { count: 3 } },
      NOT_SEEN("was sent 0 tasks", " It sent 3 requests there that are no effect."),
    ],
    [
      "while another one did the work",
      acksOnly().asks("worker-2", "a"),
      {},
      NOT_SEEN("was sent 1 task, acked once"),
    ],
  ])("%s", async (_what, told, but, reason) => {
    const before = tried(told.drains(), but);
    const { result, charges } = await beyondDoubt(before, court());
    const { published, confirmed } = before.result.account;
    expect(charges).toEqual([]);
    expect(result).toEqual({
      ...before.result,
      outcome: "inconclusive",
      reasons: [reason],
      account: { published, confirmed },
      convictions: [],
    });
  });

  it("and claims no publish where there was none", async () => {
    const none = tried(story().consumes(WORKER));
    const { result } = await beyondDoubt(
      { ...none, result: { ...none.result, account: {} } },
      court(),
    );
    expect(result.account).toEqual({ published: 0, confirmed: 0 });
  });
});

describe("A worker that never consumed is nothing to audit", () => {
  const never = story().starts(WORKER).connects(WORKER);

  it.each<[string, Story]>([
    ["none at all", never],
    ["another one did", story().starts(WORKER).connects(WORKER).consumes("worker-2")],
  ])("%s", async (_what, told) => {
    const refused = beyondDoubt(tried(told), court());
    await expect(refused).rejects.toThrow(SetupError);
    await expect(refused).rejects.toThrow(
      'The worker connected, and did not consume from "tasks" within 3 s.',
    );
  });

  it("and what it printed is quoted", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ackproof-"));
    vi.stubEnv("ACKPROOF_DIR", folder);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    });
    const logs = join(runsRoot(), "no-such-run", "trials/00-control", "logs");
    mkdirSync(logs, { recursive: true });
    writeFileSync(join(logs, `${WORKER}.log`), "no queue for me\n");
    const { result, ...as } = tried(never);
    const there = { ...as, result: { ...result, directory: "trials/00-control" } };
    await expect(beyondDoubt(there, court())).rejects.toThrow(/It printed:\n {2}no queue for me$/);
    await expect(beyondDoubt(tried(never), court())).rejects.toThrow(/It printed nothing\.$/);
  });

  it("it consumed from another queue", async () => {
    const elsewhere = story().starts(WORKER).connects(WORKER).consumes(WORKER, { queue: "mine" });
    await expect(beyondDoubt(tried(elsewhere), court())).rejects.toThrow(
      'The worker consumes from "mine", and not from "tasks".',
    );
  });

  it("and what kept it is told in its own words, where it is about the setup", async () => {
    const error = new SetupError("The queue is not there.");
    await expect(beyondDoubt(tried(never, { error }), court())).rejects.toBe(error);
    const other = new Error("worker-1 did not consume in time");
    await expect(beyondDoubt(tried(never, { error: other }), court())).rejects.toThrow(
      "The worker connected, and did not consume",
    );
  });
});

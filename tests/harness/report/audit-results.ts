import { basename, join } from "node:path";
import { readHistory } from "../../../harness/history/file.ts";
import type { Conviction } from "../../../harness/ledger/convictions.ts";
import { Ledger } from "../../../harness/ledger/ledger.ts";
import { describeLife } from "../../../harness/ledger/life.ts";
import { headlineOf } from "../../../harness/report/audit-headline.ts";
import type {
  AuditConviction,
  AuditResult,
  TrialResult,
} from "../../../harness/report/audit-result.ts";

const HISTORIES = join(import.meta.dirname, "../../../fixtures/histories");

/** A trial that held, unless told otherwise. */
export function aTrial(details: Partial<TrialResult> = {}): TrialResult {
  return {
    name: "SIGKILL, mid-task",
    fault: "worker-kill",
    moment: "mid-task",
    workers: 2,
    outcome: "held",
    reasons: [],
    account: { published: 20, confirmed: 20, completed: 20 },
    convictions: [],
    directory: "trials/02",
    milliseconds: 1234,
    ...details,
  };
}

export const control = aTrial({
  name: "no fault",
  fault: "none",
  moment: "now",
  workers: 1,
  milliseconds: 850,
});

export const notApplicable = aTrial({
  name: "SIGKILL, publish-held",
  moment: "publish-held",
  outcome: "not-applicable",
  reasons: ["The worker publishes nothing."],
  account: {},
  milliseconds: 0,
});

export const LIFE = [
  "   +52.1 ms  published by publisher to tasks",
  "   +60.9 ms  confirmed to publisher",
  "   +61.0 ms  delivered to worker-1 (tag 1)",
  "   +92.6 ms  acked by worker-1 (tag 1)",
  "   +97.4 ms  effect asked for by worker-1",
  "  +103.0 ms  worker-kill of worker-1 (at mid-task)",
  "  +107.9 ms  effect abandoned by worker-1",
];

/** A conviction that counts, unless told otherwise. */
export function aConviction(details: Partial<AuditConviction> = {}): AuditConviction {
  return {
    kind: "lost",
    sentence:
      "Lost: worker-1 acked 1 task (task-2) whose effect never happened. Ack only after the effect is done.",
    trials: ["SIGKILL, mid-task"],
    tasks: ["task-2"],
    life: LIFE,
    allowed: false,
    ...details,
  };
}

/** An audit that held, unless told otherwise. Its headline is the one that belongs to it. */
export function anAudit(details: Partial<AuditResult> = {}): AuditResult {
  const finding = {
    outcome: "held" as const,
    command: ["node", "worker.js"],
    observed: { effects: true },
    trials: [control, aTrial(), notApplicable],
    convictions: [],
    doubts: [],
    notes: [],
    ...details,
  };
  return {
    headline: headlineOf(finding),
    settings: { queue: "tasks", tasks: 20, effects: { kind: "sink" } },
    broker: { image: "rabbitmq:4.3", version: "4.3.6" },
    selfChecks: [
      { planted: "loss", outcome: "seen", sentence: "task-7 was lost, and it was convicted." },
      { planted: "duplicate", outcome: "seen", sentence: "task-9 was done twice, and convicted." },
    ],
    seed: 7,
    rerun: "npx ackproof audit --seed 7 -- node worker.js",
    run: ".ackproof/runs/20261122T100546-240a2c47",
    milliseconds: 41_200,
    ...finding,
  };
}

/** An audit of a worker that acks before it works: lost in one trial, at risk in all. */
export function brokenAudit(): AuditResult {
  const atRisk = aConviction({
    kind: "at risk",
    sentence:
      "worker-1 acked 20 tasks before the effect was done: a death in between loses what the broker has already forgotten. Ack only after the effect is done.",
    trials: ["no fault", "SIGKILL, mid-task"],
    tasks: ["task-1"],
    life: ["  +41.0 ms  published by publisher to tasks", "  +52.0 ms  acked by worker-1 (tag 1)"],
  });
  const early: Conviction = { kind: "at risk", sentence: atRisk.sentence, tasks: ["task-1"] };
  const lost: Conviction = { kind: "lost", sentence: aConviction().sentence, tasks: ["task-2"] };
  return anAudit({
    outcome: "broken",
    trials: [
      { ...control, outcome: "broken", convictions: [early] },
      aTrial({
        outcome: "broken",
        account: { published: 20, confirmed: 20, completed: 19, lost: 1 },
        convictions: [lost, early],
      }),
      notApplicable,
    ],
    convictions: [aConviction(), atRisk],
  });
}

/** An audit of a worker that sets no prefetch, and does all of its tasks once. */
export function habitualAudit(): AuditResult {
  const habit = { kind: "unbounded prefetch" as const, sentence: "No prefetch limit.", tasks: [] };
  const trials = [control, aTrial()].map((trial) => ({ ...trial, convictions: [habit] }));
  const found = aConviction({ ...habit, life: [], trials: trials.map(({ name }) => name) });
  return anAudit({ outcome: "broken", trials, convictions: [found] });
}

/** Every way to break out of a line, a colour, a cell, a tag or a quotation. */
export const HOSTILE =
  "\x1b[2J\u0007\n| `a` </pre></failure>]]><b>&\"'\u202e\u0000\ufffe\ud800 *x*";

/** A broken audit in which everything that others wrote is hostile. */
export function hostileAudit(): AuditResult {
  const life = [`  +1.0 ms  returned to publisher (312 ${HOSTILE})`];
  const conviction = aConviction({ sentence: HOSTILE, tasks: [HOSTILE], life });
  return anAudit({
    outcome: "broken",
    command: ["sh", "-c", HOSTILE],
    trials: [
      aTrial({ outcome: "broken" }),
      aTrial({ name: HOSTILE, outcome: "inconclusive", reasons: [HOSTILE] }),
      aTrial({ name: `${HOSTILE}2`, outcome: "not-applicable", reasons: [HOSTILE] }),
    ],
    convictions: [conviction, { ...conviction, kind: "remaining", allowed: true }],
    doubts: [HOSTILE],
    selfChecks: [{ planted: "loss", outcome: "missed", sentence: HOSTILE }],
    broker: { image: HOSTILE, version: HOSTILE },
    settings: { [HOSTILE]: HOSTILE },
    run: HOSTILE,
    rerun: HOSTILE,
  });
}

/** What the ledger makes of the saved histories, as an audit with a trial for each. */
export async function auditOfHistories(names: readonly string[]): Promise<AuditResult> {
  const judged = await Promise.all(names.map(judgedAlone));
  const convictions = judged.flatMap(({ trial, lives }) =>
    trial.convictions.map(({ kind, sentence, tasks }) => ({
      kind,
      sentence,
      trials: [trial.name],
      tasks,
      life: tasks[0] === undefined ? [] : (lives.get(tasks[0]) ?? []),
      allowed: false,
    })),
  );
  const trials = judged.map(({ trial }) => trial);
  return anAudit({ outcome: "broken", trials, convictions });
}

async function judgedAlone(name: string) {
  const ledger = new Ledger();
  for (const event of await readHistory(join(HISTORIES, `${name}.ndjson`))) ledger.add(event);
  const { outcome, reasons, account, convictions } = ledger.verdict();
  const trial = aTrial({ name: basename(name), outcome, reasons, account, convictions });
  const tasks = convictions.flatMap((conviction) => conviction.tasks);
  return { trial, lives: new Map(tasks.map((task) => [task, describeLife(ledger.life(task))])) };
}

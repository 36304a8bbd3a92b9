/** An audit of one of the subjects, on the lane's broker. */
import { expect } from "vitest";
import type { ExpectedSubject } from "../../../fixtures/subjects/expected.ts";
import { auditOn } from "../../../harness/audit/audit.ts";
import type { AuditConfig } from "../../../harness/audit/config/audit-config.ts";
import { resolveCode } from "../../../harness/audit/resolve-code.ts";
import { exitCodeOf } from "../../../harness/cli/exit-code.ts";
import type { AuditResult } from "../../../harness/report/audit-result.ts";
import { laneBroker } from "../../../harness/vitest.ts";

/** Short enough for the suite: every subject here is back within a fraction of it. */
const PATIENCE = "2s";

/** What an audit of a subject has found. */
export async function verdictOn(
  { command, definitions }: Pick<ExpectedSubject, "command" | "definitions">,
  settings: Partial<AuditConfig>,
): Promise<AuditResult> {
  const broker = await laneBroker();
  // One after the other: the lane has no other broker.
  const benches = {
    shared: { broker },
    own: { broker },
    sideBySide: 0,
    removed: undefined,
    close: async () => {},
  };
  const given = definitions === undefined ? {} : { definitions };
  const resolved = resolveCode({
    command: [...command],
    patience: PATIENCE,
    ...given,
    ...settings,
  });
  const { signal } = new AbortController();
  return auditOn(benches, resolved, { onTrial: () => {}, signal });
}

/** What counts of it, as far as it is the same in every run. */
export function inShort({ outcome, convictions, doubts, selfChecks }: AuditResult) {
  return {
    outcome,
    exitCode: exitCodeOf(outcome),
    convictions: convictions.map(({ kind }) => kind).sort(),
    doubts,
    missed: selfChecks.filter(({ outcome }) => outcome === "missed"),
  };
}

/** Each conviction names a trial that was run, and tasks of it, whose life is told. */
export function expectEvidence({ convictions, trials }: AuditResult): void {
  for (const { kind, trials: names, tasks, life, sentence } of convictions) {
    expect(sentence, kind).not.toBe("");
    expect(names.length, kind).toBeGreaterThan(0);
    for (const name of names) expect(trials.map((trial) => trial.name)).toContain(name);
    // A setting is about no task in particular.
    if (tasks.length > 0) expect(life.join("\n"), kind).toMatch(/published by publisher/);
  }
}

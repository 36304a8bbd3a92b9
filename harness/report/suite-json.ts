import { ACCOUNT_LINES } from "../ledger/account.ts";
import type { Availability } from "../ledger/availability.ts";
import { shownJson } from "./audit-shown.ts";
import { pick } from "./pick.ts";
import type { PlainTest } from "./plain-tests.ts";
import type { RunReport } from "./run-report.ts";
import { type SuiteResult, type SuiteSpec, suiteResult } from "./suite-result.ts";

/** The `$id` of suite-schema.json. Its last part is `SUITE_VERSION`. */
export const SUITE_SCHEMA = "urn:ackproof:suite:1";
/** Counted up when a reader of the last one would misunderstand or miss something. */
export const SUITE_VERSION = 1;

/** A run of the suite for programs: what suite-schema.json describes. */
export function suiteJson(report: RunReport): string {
  const result = suiteResult(report);
  const document = {
    $schema: SUITE_SCHEMA,
    version: SUITE_VERSION,
    outcome: result.outcome,
    passed: result.passed,
    failed: result.failed,
    skipped: result.skipped,
    specs: result.specs.map(specOf),
    tests: result.tests.map(testOf),
    lanes: result.lanes,
    time: pick(result.time, ["boot", "wall"]),
    memory: result.memory,
    ...pick(result, ["gaps"]),
    ...(result.shard ? { shard: pick(result.shard, ["index", "count"]) } : {}),
  } satisfies Record<Exclude<keyof SuiteResult, "shard" | "gaps"> | "$schema" | "version", unknown>;
  return `${shownJson(JSON.stringify(document, null, 2))}\n`;
}

const DECLARED = [
  ...["kind", "family", "promise", "queueType", "fault", "docs", "surprise", "underLoad"],
  ...["file", "line"],
] as (keyof SuiteSpec)[];
const FOUND = ["notes", "figures", "reasons", "failure", "rerun", "run"] as const;

function specOf(spec: SuiteSpec): object {
  const { availability, broker, time } = spec;
  return {
    ...pick(spec, DECLARED),
    outcome: spec.outcome,
    account: pick(spec.account, ACCOUNT_LINES),
    ...pick(spec, FOUND),
    ...(availability ? { availability: availabilityOf(availability) } : {}),
    broker: pick(broker, ["image", "version"]),
    time: pick(time, ["boots", "waits", "total"]),
    ...pick(spec, ["memory"]),
  };
}

function availabilityOf({ run, faults }: Availability): object {
  const gaps = ["confirms", "deliveries"] as const;
  return {
    run: pick(run, gaps),
    faults: faults.map((one) => pick(one, ["injection", "fault", "target", ...gaps])),
  };
}

function testOf(test: PlainTest): object {
  const about = ["file", "line", "name", "project", "image", "outcome", "milliseconds"] as const;
  return pick(test, [...about, "reason", "failure"]);
}

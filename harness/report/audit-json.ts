import { ACCOUNT_LINES, type Account } from "../ledger/account.ts";
import type { Conviction } from "../ledger/convictions.ts";
import type { AuditConviction, AuditResult, TrialResult } from "./audit-result.ts";
import { shownJson } from "./audit-shown.ts";
import { pick } from "./pick.ts";

/** The `$id` of audit-schema.json. Its last part is `AUDIT_VERSION`. */
export const AUDIT_SCHEMA = "urn:ackproof:audit:1";
/** Counted up when a reader of the last one would misunderstand or miss something. */
export const AUDIT_VERSION = 1;

/**
 * The result for programs: what audit-schema.json describes. The same result is the same text:
 * keys have an order of their own, whatever the order in which they were set.
 */
export function auditJson(result: AuditResult): string {
  const document = {
    $schema: AUDIT_SCHEMA,
    version: AUDIT_VERSION,
    outcome: result.outcome,
    headline: result.headline,
    command: result.command,
    settings: sorted(result.settings),
    broker: pick(result.broker, ["image", "url", "version"]),
    observed: pick(result.observed, ["effects"]),
    selfChecks: result.selfChecks.map((check) => pick(check, ["planted", "outcome", "sentence"])),
    convictions: result.convictions.map(convictionOf),
    trials: result.trials.map(trialOf),
    doubts: result.doubts,
    notes: result.notes,
    seed: result.seed,
    rerun: result.rerun,
    run: result.run,
    milliseconds: result.milliseconds,
  } satisfies Record<keyof AuditResult | "$schema" | "version", unknown>;
  return `${shownJson(JSON.stringify(document, null, 2))}\n`;
}

function convictionOf(conviction: AuditConviction): object {
  return pick(conviction, ["kind", "sentence", "trials", "tasks", "life", "allowed"]);
}

function trialOf({ account, convictions, ...rest }: TrialResult): object {
  const about = ["name", "fault", "adversity", "moment", "workers", "outcome", "reasons"] as const;
  return {
    ...pick(rest, about),
    account: accountOf(account),
    convictions: convictions.map(ownConviction),
    ...pick(rest, ["directory", "milliseconds"]),
  };
}

function ownConviction(conviction: Conviction): object {
  return pick(conviction, ["kind", "sentence", "tasks", "subject"]);
}

function accountOf(account: Account): Account {
  return pick(account, ACCOUNT_LINES);
}

/** Settings have no order of their own, so they have that of the alphabet, at every depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}

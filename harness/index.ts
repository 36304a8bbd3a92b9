/** The package's programmatic interface: what is exported here is kept stable. */
export { type AuditConfig, type Duration, defineConfig } from "./audit/config/audit-config.ts";
export { type RunAuditOptions, runAudit as audit } from "./audit/run-audit.ts";
export { SetupError } from "./errors.ts";
export {
  type Event,
  type EventOf,
  FAULT_NAMES,
  type Fact,
  type FaultName,
  type Moment,
  type QueueType,
} from "./history/event.ts";
export { readHistory } from "./history/file.ts";
export { judge } from "./ledger/ledger.ts";
export type {
  Account,
  Availability,
  Conviction,
  ConvictionKind,
  Expectation,
  Fate,
  Outcome,
  Verdict,
} from "./ledger/verdict.ts";
export type {
  AuditConviction,
  AuditResult,
  SelfCheck,
  TrialResult,
} from "./report/audit-result.ts";

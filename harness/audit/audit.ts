import { randomBytes } from "node:crypto";
import { chooseBroker } from "../broker/choose-broker.ts";
import type { AuditResult, TrialResult } from "../report/audit-result.ts";
import { type Benches, openBenches } from "./benches.ts";
import { conclude } from "./conclusion.ts";
import { rerunTrial } from "./config/rerun-command.ts";
import type { Resolved } from "./config/resolve.ts";
import type { Court, Progress } from "./court.ts";
import { effectSourceOf } from "./effects/effects-of.ts";
import { areApart } from "./ground.ts";
import { planned, planOf } from "./plan.ts";
import { Proceedings } from "./proceedings.ts";
import { requireCommand } from "./require-command.ts";
import { abandonRun, beginRun } from "./unfinished.ts";

/** Whoever watches an audit. */
export interface Watcher {
  /** Something that the user should know before the result; a sentence. */
  say(line: string): void;
  onTrial(result: TrialResult): void;
  progress?: Progress | undefined;
  /** Ends the audit before its time. */
  signal: AbortSignal;
}

/**
 * Audits a worker: a control run, a self-check, and every fault at every moment that applies.
 *
 * @throws {SetupError} when the worker can't be audited: there is no broker, or it never consumes.
 */
export async function audit(resolved: Resolved, watcher: Watcher): Promise<AuditResult> {
  const { options } = resolved;
  const { broker, command, env } = options;
  requireCommand(command, env.PATH ?? process.env.PATH ?? "");
  const begun = begin(resolved);
  try {
    const benches = await openBenches(
      broker?.includes("://")
        ? { url: broker, areApart: areApart(options) }
        : { image: await chooseBroker(broker) },
      watcher.signal,
    );
    if (benches.removed !== undefined) watcher.say(benches.removed);
    try {
      return await auditOn(benches, resolved, watcher, begun);
    } finally {
      await benches.close();
    }
  } catch (error) {
    const { signal } = watcher;
    abandonRun(begun.run, resolved, signal.aborted ? signal.reason : error);
    throw error;
  }
}

/** An audit that has begun. */
interface Begun {
  /** Its run's id. */
  run: string;
  /** When. */
  at: number;
}

function begin(resolved: Resolved): Begun {
  planOf(resolved.options); // Where there is nothing to do, that is said before a broker boots.
  const begun = { run: newRun(), at: performance.now() };
  beginRun(begun.run, resolved);
  return begun;
}

/** The same, on brokers that are up. */
export async function auditOn(
  benches: Benches,
  resolved: Resolved,
  { onTrial, progress, signal }: Omit<Watcher, "say">,
  { run, at }: Begun = begin(resolved),
): Promise<AuditResult> {
  const { options } = resolved;
  const effects = effectSourceOf(options.effects);
  const again = (trial: string) => rerunTrial(resolved, planned(trial));
  const court: Court = { options, effects, run, again, signal, onTrial, progress };
  const findings = await new Proceedings(court, benches).run();
  return conclude(resolved, court, benches, findings, performance.now() - at);
}

function newRun(): string {
  const stamp = new Date().toISOString().replace(/[-:]|\..*/g, "");
  return `${stamp}-${randomBytes(4).toString("hex")}`;
}

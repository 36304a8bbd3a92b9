import { auditFormats } from "../report/audit-formats.ts";
import type { AuditResult, TrialResult } from "../report/audit-result.ts";
import { writeFormats } from "../report/output-files.ts";
import type { AuditConfig } from "./config/audit-config.ts";
import { resolveCode } from "./resolve-code.ts";

/** What a program that audits a worker may say besides the settings. */
export interface RunAuditOptions {
  /**
   * Ends the audit before its time. It rejects with the signal's reason once nothing is left of it:
   * no worker, no container.
   */
  signal?: AbortSignal | undefined;
  /** Is told of each trial as it ends. */
  onTrial?: ((trial: TrialResult) => void) | undefined;
  /** Is told what there is to know before the result, a sentence each. */
  say?: ((line: string) => void) | undefined;
  /**
   * The folder that paths in the settings lead from. Commands run in the process's own, which it is
   * when left out.
   */
  cwd?: string | undefined;
}

/**
 * Audits a worker: a control run, a self-check, then each fault at each moment. What was found is
 * returned, and kept in the run directory; a worker that does not hold is no error.
 *
 * Only what is said here counts: no flag, no config file, and of the environment `RABBITMQ_IMAGE`
 * alone, which names the image where `broker` does not. SIGINT is the caller's own: turn it into an
 * abort of the signal.
 *
 * @returns the verdict with all that it is founded on, plain data; times in milliseconds.
 * @throws {SetupError} where the settings can't be used, there is no broker, or the worker never
 * consumes; and the signal's reason where it was aborted.
 *
 * @example
 * const { outcome, headline } = await audit({ command: ["node", "worker.js"], quick: true });
 */
export async function runAudit(
  config: AuditConfig,
  options: RunAuditOptions = {},
): Promise<AuditResult> {
  const { signal = new AbortController().signal, onTrial = () => {}, say = () => {} } = options;
  signal.throwIfAborted();
  const resolved = resolveCode(config, options.cwd);
  // Late: who only judges a history, or types a config, need not wait for the engine's client.
  const { audit } = await import("./audit.ts");
  const result = await audit(resolved, { signal, onTrial, say }).catch((error) => {
    signal.throwIfAborted(); // Whatever else it failed with came of that.
    throw error;
  });
  writeFormats(resolved.options, auditFormats(result));
  return result;
}

import { join, relative } from "node:path";
import { headlineOf } from "../report/audit-headline.ts";
import type { AuditResult } from "../report/audit-result.ts";
import { keepReport } from "../report/html/write.ts";
import { RunDirectory, runsRoot } from "../scenario/run-directory.ts";
import type { Benches } from "./benches.ts";
import { settingsWithoutSecrets } from "./config/effective-values.ts";
import { rerunCommand } from "./config/rerun-command.ts";
import type { Resolved } from "./config/resolve.ts";
import { withoutPassword } from "./config/without-password.ts";
import type { Court } from "./court.ts";
import { convictionsOf, doubtsOf, outcomeOf } from "./judgement.ts";
import type { Findings } from "./proceedings.ts";
import { dropped, putAside } from "./put-aside.ts";
import { RESULT } from "./unfinished.ts";

/** Makes the result of what was found, and keeps it in the run directory. */
export function conclude(
  resolved: Resolved,
  { options, effects, run }: Court,
  { shared: { broker } }: Benches,
  findings: Findings,
  milliseconds: number,
): AuditResult {
  const { trials, charges, selfChecks } = findings;
  const allowed = new Set(options.allow);
  if (options.duplicates === "allow") allowed.add("duplicated");
  const convictions = convictionsOf(charges, allowed);
  const doubts = doubtsOf(trials, selfChecks);
  const outcome = outcomeOf(convictions, doubts);
  const command = options.command.map(withoutPassword);
  const observed = { effects: effects.sees };
  const result: AuditResult = {
    outcome,
    headline: headlineOf({ outcome, command, observed, trials, convictions, doubts }),
    command,
    settings: settingsWithoutSecrets(options),
    broker: {
      version: broker.version,
      ...(broker.isGiven
        ? { url: withoutPassword(options.broker ?? "") }
        : { image: broker.image }),
    },
    observed,
    selfChecks,
    trials,
    convictions,
    doubts,
    notes: [...leftovers(findings), ...putAside(findings), ...dropped(findings)],
    seed: options.seed,
    rerun: rerunCommand(resolved),
    run: relative(process.cwd(), join(runsRoot(), run)),
    milliseconds: Math.round(milliseconds),
  };
  const directory = RunDirectory.at(run);
  directory.save(RESULT, result);
  const unwritten = keepReport(directory.path);
  if (unwritten !== undefined) result.notes.push(unwritten);
  return result;
}

/** What a worker leaves running does not make it wrong, and is in the way of whoever starts it. */
export function leftovers({ left }: Findings): string[] {
  if (left.length === 0) return [];
  const processes = (count: number) => (count === 1 ? "1 process" : `${count} processes`);
  const most = Math.max(...left.map(({ count }) => count));
  return [
    `When the worker had ended, ${processes(most)} that it had started still ran, in ${left.map(({ trial }) => trial).join("; ")}. The audit killed what was left; a deployment may not.`,
  ];
}

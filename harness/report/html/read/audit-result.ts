import type { AuditResult, SelfCheck } from "../../audit-result.ts";
import { oneOf, type Plain, recordIn, recordsIn, textIn, textsIn } from "../view/plain.ts";
import { auditIn } from "./audit-file.ts";

/** An audit's whole result as it lies in its file; undefined where that has none. */
export function auditResultIn(saved: Plain): AuditResult | undefined {
  const { headline, command, seed = 0, rerun, milliseconds = 0, ...rest } = auditIn(saved);
  const outcome = oneOf(["held", "broken", "inconclusive"] as const, saved.outcome);
  const run = textIn(saved.run);
  const { version, image, url } = recordIn(saved.broker);
  const isWhole = headline !== undefined && rerun !== undefined && run !== undefined;
  if (outcome === undefined || command === undefined || !isWhole) return undefined;
  return {
    ...rest,
    ...{ outcome, headline, command, seed, rerun, run, milliseconds },
    broker: {
      ...(typeof image === "string" ? { image } : {}),
      ...(typeof url === "string" ? { url } : {}),
      version: textIn(version) ?? "?",
    },
    observed: { effects: recordIn(saved.observed).effects === true },
    selfChecks: recordsIn(saved.selfChecks).flatMap(checkIn),
    notes: textsIn(saved.notes),
  };
}

function checkIn(saved: Plain): SelfCheck[] {
  const planted = oneOf(["loss", "duplicate"] as const, saved.planted);
  const outcome = oneOf(["seen", "missed", "not-applicable"] as const, saved.outcome);
  const sentence = textIn(saved.sentence);
  if (!planted || !outcome || sentence === undefined) return [];
  return [{ planted, outcome, sentence }];
}

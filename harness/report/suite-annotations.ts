import type { Annotation } from "./annotation.ts";
import { withoutMiddle } from "./clean-report.ts";
import type { PlainTest } from "./plain-tests.ts";
import type { RunReport } from "./run-report.ts";
import { evidenceOf, type SuiteSpec, suiteResult, titleOf, toldOf } from "./suite-result.ts";

const MOST_LINES = 40;

/** An error for each promise or test that is broken, a warning for each spec that proved nothing. */
export function suiteAnnotations(report: RunReport): Annotation[] {
  const { specs, tests, gaps = [] } = suiteResult(report);
  return [...specs.flatMap(ofSpec), ...tests.flatMap(ofTest), ...gaps.map(ofGap)];
}

function ofGap(message: string): Annotation {
  return { kind: "warning", title: "INCONCLUSIVE: this is not the whole run", message };
}

function ofSpec(spec: SuiteSpec): Annotation[] {
  const { outcome, file, line, broker } = spec;
  if (outcome === "held" || outcome === "not-applicable") return [];
  const title = `${outcome.toUpperCase()}: ${titleOf(spec)} · RabbitMQ ${broker.version}`;
  const message = shortened(toldOf(spec));
  return [{ kind: outcome === "broken" ? "error" : "warning", title, message, file, line }];
}

function ofTest({ outcome, name, file, line, failure }: PlainTest): Annotation[] {
  if (outcome !== "failed") return [];
  const where = { ...(file ? { file } : {}), ...(line === undefined ? {} : { line }) };
  const message = shortened(evidenceOf(failure));
  return [{ kind: "error", title: `FAILED: ${name}`, message, ...where }];
}

function shortened(lines: readonly string[]): string {
  return withoutMiddle(lines, MOST_LINES).join("\n");
}

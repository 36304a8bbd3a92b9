import { clean } from "./html/view/clean.ts";
import type { PlainTest } from "./plain-tests.ts";
import type { SpecResult } from "./result.ts";
import type { RunReport } from "./run-report.ts";

/** Of one text, at most: more is said to be there, and not kept. */
const MOST_LINES = 400;
const MOST_CHARACTERS = 100_000;

/**
 * A run's report as it may leave this process: no passwords in it, nothing that isn't seen, no text
 * that never ends. Whoever reads one from a file cleans it again: anybody may have written that.
 */
export function cleanReport(report: RunReport): RunReport {
  const { specs, tests, gaps } = report;
  return {
    ...report,
    specs: specs.map(cleanSpec),
    tests: tests.map(cleanTest),
    ...(gaps ? { gaps: gaps.map(clean) } : {}),
  };
}

function cleanSpec(spec: SpecResult): SpecResult {
  const { promise, family, docs, file, broker, run, failure } = spec;
  return {
    ...spec,
    promise: clean(promise),
    family: clean(family),
    docs: clean(docs),
    file: clean(file),
    broker: { image: clean(broker.image), version: clean(broker.version) },
    notes: spec.notes.map(cleanLines),
    figures: spec.figures.map(cleanLines),
    reasons: spec.reasons.map(cleanLines),
    ...(spec.availability ? { availability: cleanFaults(spec.availability) } : {}),
    ...(run === undefined ? {} : { run: clean(run) }),
    ...(failure === undefined ? {} : { failure: cleanLines(failure) }),
  };
}

function cleanFaults({ run, faults }: NonNullable<SpecResult["availability"]>) {
  return { run, faults: faults.map((one) => ({ ...one, target: clean(one.target) })) };
}

function cleanTest(test: PlainTest): PlainTest {
  const { file, name, project, image, reason, failure } = test;
  return {
    ...test,
    file: clean(file),
    name: clean(name),
    project: clean(project),
    ...(image === undefined ? {} : { image: clean(image) }),
    ...(reason === undefined ? {} : { reason: cleanLines(reason) }),
    ...(failure === undefined ? {} : { failure: cleanLines(failure) }),
  };
}

/** Lines stay lines: what somebody printed is read as it was. */
function cleanLines(text: string): string {
  const lines = text.slice(0, MOST_CHARACTERS).split(/\r?\n/);
  return withoutMiddle(lines, MOST_LINES).map(clean).join("\n");
}

/** Lines without their middle, where there are too many: their end tells how to go on. */
export function withoutMiddle(lines: readonly string[], most: number): string[] {
  const left = lines.length - most;
  if (left <= 0) return [...lines];
  const end = Math.floor(most / 4);
  const beginning = lines.slice(0, most - 1 - end);
  return [...beginning, `… ${left + 1} more lines …`, ...lines.slice(lines.length - end)];
}

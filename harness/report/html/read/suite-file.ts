import { FAULT_NAMES } from "../../../history/event.ts";
import type { Availability, Gap, Gaps } from "../../../ledger/availability.ts";
import type { PlainTest } from "../../plain-tests.ts";
import type { SpecResult } from "../../result.ts";
import { emptyReport, type RunReport } from "../../run-report.ts";
import {
  accountIn,
  countIn,
  given,
  lengthIn,
  oneOf,
  type Plain,
  recordIn,
  recordsIn,
  textIn,
  textsIn,
} from "../view/plain.ts";
import { shareIn } from "./share.ts";

/**
 * The results of a suite as they lie in their file: anybody may have written that, and what is no
 * result of a spec or a test is left out.
 */
export function suiteIn(saved: Plain): RunReport {
  const none = emptyReport();
  const { passed, failed, skipped, lanes, memory, shard } = saved;
  const time = recordIn(saved.time);
  return {
    passed: countIn(passed) ?? none.passed,
    failed: countIn(failed) ?? none.failed,
    skipped: countIn(skipped) ?? none.skipped,
    specs: recordsIn(saved.specs).flatMap(specIn),
    tests: recordsIn(saved.tests).flatMap(testIn),
    lanes: countIn(lanes) || none.lanes,
    time: { boot: lengthIn(time.boot) ?? 0, wall: lengthIn(time.wall) ?? 0 },
    memory: countIn(memory) ?? none.memory,
    ...given("shard", shareIn(shard)),
  };
}

function specIn(saved: Plain): SpecResult[] {
  const { image, version } = recordIn(saved.broker);
  const texts = [saved.promise, saved.family, image, version];
  const [promise, family, ofImage, ofVersion] = texts.map(textIn);
  const queueType = oneOf(["classic", "quorum"] as const, saved.queueType);
  const outcome = oneOf(OUTCOMES, saved.outcome);
  if (promise === undefined || family === undefined || queueType === undefined) return [];
  if (ofImage === undefined || ofVersion === undefined || outcome === undefined) return [];
  const { boots, waits, total } = recordIn(saved.time);
  return [
    {
      ...{ promise, family, queueType, outcome },
      kind: oneOf(KINDS, saved.kind) ?? "guarantee",
      fault: oneOf(FAULT_NAMES, saved.fault) ?? "none",
      docs: textIn(saved.docs) ?? "",
      ...given("surprise", countIn(saved.surprise) || undefined),
      ...given("underLoad", saved.underLoad === true || undefined),
      file: textIn(saved.file) ?? "",
      line: countIn(saved.line) || 1,
      account: accountIn(saved.account),
      notes: textsIn(saved.notes),
      figures: textsIn(saved.figures),
      reasons: textsIn(saved.reasons),
      ...given("failure", textIn(saved.failure)),
      ...given("availability", availabilityIn(saved.availability)),
      ...given("run", textIn(saved.run)),
      broker: { image: ofImage, version: ofVersion },
      time: {
        boots: lengthIn(boots) ?? 0,
        waits: lengthIn(waits) ?? 0,
        total: lengthIn(total) ?? 0,
      },
      ...given("memory", countIn(saved.memory)),
    },
  ];
}

const OUTCOMES = ["held", "broken", "inconclusive", "setup", "not-applicable"] as const;
const KINDS = ["guarantee", "limit", "finding", "measurement"] as const;

function testIn(saved: Plain): PlainTest[] {
  const name = textIn(saved.name);
  const outcome = oneOf(["passed", "failed", "skipped"] as const, saved.outcome);
  if (name === undefined || outcome === undefined) return [];
  return [
    {
      ...{ name, outcome },
      file: textIn(saved.file) ?? "",
      project: textIn(saved.project) ?? "",
      milliseconds: lengthIn(saved.milliseconds) ?? 0,
      ...given("line", countIn(saved.line) || undefined),
      ...given("image", textIn(saved.image)),
      ...given("reason", textIn(saved.reason)),
      ...given("failure", textIn(saved.failure)),
    },
  ];
}

/** Undefined of what is none. */
function availabilityIn(saved: unknown): Availability | undefined {
  const { run, faults } = recordIn(saved);
  if (!Array.isArray(faults)) return undefined;
  return {
    run: gapsIn(recordIn(run)),
    faults: recordsIn(faults).flatMap((one) => {
      const fault = oneOf(FAULT_NAMES, one.fault);
      const injection = countIn(one.injection) ?? 0;
      return fault ? { injection, fault, target: textIn(one.target) ?? "", ...gapsIn(one) } : [];
    }),
  };
}

function gapsIn({ confirms, deliveries }: Plain): Gaps {
  return { confirms: gapIn(confirms), deliveries: gapIn(deliveries) };
}

function gapIn(value: unknown): Gap {
  return value === "unending" ? value : (lengthIn(value) ?? null);
}

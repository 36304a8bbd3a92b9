import type { PlainTest } from "../../../harness/report/plain-tests.ts";
import type { SpecResult } from "../../../harness/report/result.ts";
import type { Share, Split } from "../../../harness/report/shard.ts";
import type { Paper } from "../../../harness/report/text.ts";

/** A page without colours. */
export function page(columns = Number.POSITIVE_INFINITY): Paper {
  return { columns, paint: (_style, text) => text };
}

/** A page on which every colour can be read. */
export const painted: Paper = {
  columns: Number.POSITIVE_INFINITY,
  paint: (style, text) => `<${style}>${text}</>`,
};

/** A spec that held, unless told otherwise. */
export function aSpec(details: Partial<SpecResult> = {}): SpecResult {
  return {
    kind: "guarantee",
    family: "acknowledgement",
    promise: "A task is done",
    queueType: "classic",
    fault: "worker-kill",
    docs: "https://www.rabbitmq.com/docs/confirms",
    file: "tests/guarantees/acknowledgement.spec.ts",
    line: 8,
    outcome: "held",
    account: { published: 3, confirmed: 3, completed: 3 },
    notes: [],
    figures: [],
    reasons: [],
    broker: { image: "ackproof/rabbitmq:sid", version: "4.3.6" },
    time: { boots: 0, waits: 800, total: 1250 },
    ...details,
  };
}

/** The second of two shards, to which nothing fell, unless told otherwise. */
export function aShare(details: Partial<Share> = {}): Share {
  return { index: 2, count: 2, files: [], of: aSplit(), ...details };
}

function aSplit(): Split {
  const files = ["tests/guarantees/acknowledgement.spec.ts"];
  const image = "ackproof/rabbitmq:sid";
  return { ackproof: "0.1.0", projects: ["guarantees"], titles: "", image, files };
}

/** A test that passed, unless told otherwise. */
export function aTest(details: Partial<PlainTest> = {}): PlainTest {
  return {
    file: "tests/harness/sink.test.ts",
    line: 3,
    name: "A sink holds",
    project: "unit",
    outcome: "passed",
    milliseconds: 40,
    ...details,
  };
}

/** The same spec on each type of queue. */
export function onBoth(details: Partial<SpecResult> = {}): SpecResult[] {
  return [aSpec({ ...details, queueType: "classic" }), aSpec({ ...details, queueType: "quorum" })];
}

export function onVersion(version: string, details: Partial<SpecResult> = {}): SpecResult[] {
  return onBoth({ ...details, broker: { image: `rabbitmq:${version}`, version } });
}

import { accountInWords } from "./account-words.ts";
import { type Element, xmlDocument } from "./audit-xml.ts";
import { familiesOf } from "./families.ts";
import type { PlainTest } from "./plain-tests.ts";
import type { RunReport } from "./run-report.ts";
import { evidenceOf, type SuiteSpec, suiteResult, titleOf, toldOf } from "./suite-result.ts";

type Ending = "failure" | "error" | "skipped";

interface Case {
  name: string;
  file: string;
  line?: number | undefined;
  milliseconds: number;
  properties?: Record<string, string>;
  ending?: Element & { name: Ending };
  /** What else is to be known, a line each. */
  notes?: string[];
}

interface Suite {
  name: string;
  cases: Case[];
}

/**
 * A run of the suite as JUnit's XML: a suite for each family of promises, with a test case for each
 * promise on each type of queue and each broker, and one for each other file of tests. A failure is
 * a promise or a test that is broken, an error is what proved nothing, and what does not apply is
 * skipped.
 */
export function suiteJunit(report: RunReport): string {
  const { specs, tests, time, gaps = [] } = suiteResult(report);
  const suites = [...ofSpecs(specs), ...ofTests(tests), ...ofGaps(gaps)];
  const all = totals(suites.flatMap(({ cases }) => cases));
  return xmlDocument({
    name: "testsuites",
    attributes: { name: "ackproof", ...all, time: inSeconds(time.wall) },
    content: suites.map(elementOf),
  });
}

function ofSpecs(specs: readonly SuiteSpec[]): Suite[] {
  return familiesOf(specs).map(({ name, promises }) => ({
    name,
    cases: promises.flatMap(({ found }) => found.map(specCase)),
  }));
}

function specCase(spec: SuiteSpec): Case {
  const { file, line, time, notes, figures, broker } = spec;
  const ending = specEnding(spec);
  return {
    name: `${titleOf(spec)} · RabbitMQ ${broker.version}`,
    file,
    line,
    milliseconds: time.total,
    properties: propertiesOf(spec),
    ...(ending ? { ending } : {}),
    notes: [...notes, ...figures].flatMap((text) => text.split("\n")),
  };
}

function specEnding(spec: SuiteSpec): Case["ending"] {
  const { outcome, reasons } = spec;
  if (outcome === "held") return undefined;
  if (outcome === "not-applicable") {
    return { name: "skipped", attributes: { message: reasons.join("; ") } };
  }
  const content = toldOf(spec);
  return {
    name: outcome === "broken" ? "failure" : "error",
    attributes: { type: outcome, message: `${titleOf(spec)}: ${content[0]}` },
    content,
  };
}

function propertiesOf(spec: SuiteSpec): Record<string, string> {
  const { kind, queueType, fault, docs, broker, account, run, rerun } = spec;
  const hasAccount = Object.keys(account).length > 0;
  return {
    kind,
    queue: queueType,
    fault,
    docs,
    broker: `RabbitMQ ${broker.version} (${broker.image})`,
    ...(hasAccount ? { account: accountInWords(account) } : {}),
    ...(run === undefined ? {} : { run }),
    ...(rerun === undefined ? {} : { rerun }),
  };
}

/** What is missing must not be green. */
function ofGaps(gaps: readonly string[]): Suite[] {
  const [message] = gaps;
  if (message === undefined) return [];
  const name = "the whole run";
  const attributes = { type: "inconclusive", message };
  const ending = { name: "error" as const, attributes, content: gaps };
  return [{ name, cases: [{ name, file: "", milliseconds: 0, ending }] }];
}

function ofTests(tests: readonly PlainTest[]): Suite[] {
  const images = new Set(tests.flatMap(({ image }) => image ?? []));
  // The same file on several brokers is as many suites.
  const nameOf = ({ file, name, image }: PlainTest) =>
    (file || name) + (image !== undefined && images.size > 1 ? ` on ${image}` : "");
  return [...Map.groupBy(tests, nameOf)].map(([name, members]) => ({
    name,
    cases: members.map(testCase),
  }));
}

function testCase({ name, file, line, milliseconds, outcome, reason, failure = "" }: PlainTest) {
  const about: Case = { name, file, line, milliseconds };
  if (outcome === "passed") return about;
  if (outcome === "skipped") {
    return { ...about, ending: { name: "skipped" as const, attributes: message(reason) } };
  }
  const content = evidenceOf(failure);
  const attributes = { type: "failed", ...message(content[0]) };
  return { ...about, ending: { name: "failure" as const, attributes, content } };
}

function message(text: string | undefined): Record<string, string> {
  return text === undefined ? {} : { message: text };
}

function elementOf({ name, cases }: Suite): Element {
  const milliseconds = cases.reduce((sum, one) => sum + one.milliseconds, 0);
  return {
    name: "testsuite",
    attributes: { name, ...totals(cases), time: inSeconds(milliseconds) },
    content: cases.map((one) => caseElement(name, one)),
  };
}

function caseElement(suite: string, one: Case): Element {
  const { name, file, line, milliseconds, properties = {}, ending, notes = [] } = one;
  const where = { ...(file ? { file } : {}), ...(line === undefined ? {} : { line }) };
  const about = Object.entries(properties).map(([key, value]) => ({
    name: "property",
    attributes: { name: key, value },
  }));
  return {
    name: "testcase",
    attributes: { classname: suite, name, ...where, time: inSeconds(milliseconds) },
    content: [
      ...(about.length > 0 ? [{ name: "properties", attributes: {}, content: about }] : []),
      ...(ending ? [ending] : []),
      ...(notes.length > 0 ? [{ name: "system-out", attributes: {}, content: notes }] : []),
    ],
  };
}

function totals(cases: readonly Case[]) {
  const count = (name: Ending) => cases.filter(({ ending }) => ending?.name === name).length;
  return {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
  };
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

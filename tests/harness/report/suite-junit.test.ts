import { expect, test } from "vitest";
import { suiteJunit } from "../../../harness/report/suite-junit.ts";
import { endings, parsed } from "./parsed-xml.ts";
import { aSpec, aTest, onVersion } from "./specs.ts";
import { aReport, brokenSuite, FAILURE, hostileSuite, SECRET } from "./suite-results.ts";

test("has a suite for each family and each other file, and a case for each spec and test", () => {
  const xml = suiteJunit(brokenSuite());
  const suites = parsed(xml).filter(({ name }) => name.startsWith("testsuite"));
  expect(suites.map(({ attributes }) => attributes)).toEqual([
    { name: "ackproof", tests: "8", failures: "3", errors: "1", skipped: "2", time: "41.200" },
    ...[
      {
        name: "acknowledgement",
        tests: "2",
        failures: "1",
        errors: "0",
        skipped: "0",
        time: "2.500",
      },
      { name: "durability", tests: "2", failures: "0", errors: "1", skipped: "1", time: "2.500" },
      ...[
        {
          name: "tests/harness/sink.test.ts",
          tests: "3",
          failures: "1",
          errors: "0",
          skipped: "1",
          time: "0.120",
        },
        {
          name: "outside of any test",
          tests: "1",
          failures: "1",
          errors: "0",
          skipped: "0",
          time: "0.040",
        },
      ],
    ],
  ]);
  expect(endings(xml)).toEqual([
    "A task is done · classic · RabbitMQ 4.3.6: failure",
    "A task is done · quorum · RabbitMQ 4.3.6: passed",
    "A transient task is gone · classic · RabbitMQ 4.3.6: error",
    "A task | is kept · classic · RabbitMQ 4.3.6: skipped",
    "A sink holds: passed",
    "A sink is skipped: skipped",
    "A sink answers: failure",
    "outside of any test: failure",
  ]);
});

test("a broken promise has its place, its properties, and the lives of its tasks", () => {
  const specs = brokenSuite().specs.slice(0, 1);
  const again = "npm run guarantees -- -t &quot;A task is done&quot; --queue classic";
  expect(suiteJunit(aReport({ specs })).split("\n").slice(3)).toEqual([
    '    <testcase classname="acknowledgement" name="A task is done · classic · RabbitMQ 4.3.6" file="tests/guarantees/acknowledgement.spec.ts" line="8" time="1.250">',
    "      <properties>",
    '        <property name="kind" value="guarantee"/>',
    '        <property name="queue" value="classic"/>',
    '        <property name="fault" value="worker-kill"/>',
    '        <property name="docs" value="https://www.rabbitmq.com/docs/confirms"/>',
    '        <property name="broker" value="RabbitMQ 4.3.6 (ackproof/rabbitmq:sid)"/>',
    '        <property name="account" value="3 published = 3 confirmed = 2 completed + 1 lost"/>',
    '        <property name="run" value=".ackproof/runs/lost"/>',
    `        <property name="rerun" value="${again}"/>`,
    "      </properties>",
    '      <failure type="broken" message="A task is done · classic: 3 published = 3 confirmed = 2 completed + 1 lost">3 published = 3 confirmed = 2 completed + 1 lost',
    ...FAILURE.split("\n").slice(1, 5),
    `Again: ${again}`,
    "  - Expected",
    "",
    "    {",
    "  +   &quot;lost&quot;: 1,",
    "    }</failure>",
    "    </testcase>",
    "  </testsuite>",
    "</testsuites>",
    "",
  ]);
});

test("what proved nothing is an error that says why once; what did not apply says why it was skipped", () => {
  const xml = suiteJunit(brokenSuite());
  expect(xml).toContain(
    '<error type="inconclusive" message="A transient task is gone · classic: The fault never landed.">The fault never landed.\nAgain: this</error>',
  );
  expect(xml).toContain('<skipped message="no disks"/>');
  expect(xml).toContain('<skipped message="no engine"/>');
  expect(xml).toContain("<system-out>one\ntwo</system-out>");
});

test("a test that is no experiment fails with its own words", () => {
  expect(suiteJunit(brokenSuite())).toContain(
    '<failure type="failed" message="expected 1 to be 2">expected 1 to be 2\n  at x:9:1</failure>',
  );
});

test("the same test on several brokers is in as many suites, and no two cases have the same name", () => {
  const tests = ["rabbitmq:4.0", "rabbitmq:4.3"].map((image) => aTest({ image }));
  const specs = [...onVersion("4.0.5"), ...onVersion("4.3.6")];
  const cases = parsed(suiteJunit(aReport({ specs, tests }))).filter(
    ({ name }) => name === "testcase",
  );
  const names = cases.map(({ attributes: { classname, name } }) => `${classname}: ${name}`);
  expect(names).toHaveLength(6);
  expect(new Set(names).size).toBe(6);
  expect(names).toContain("tests/harness/sink.test.ts on rabbitmq:4.0: A sink holds");
});

test("a spec whose test failed after it held is a failure", () => {
  const specs = [aSpec({ failure: "FAILED: it\na hook threw" })];
  expect(endings(suiteJunit(aReport({ specs })))[0]).toMatch(/: failure$/);
});

test("hostile text is legal XML, holds no password, and has an end", () => {
  const xml = suiteJunit(hostileSuite());
  const [failure] = parsed(xml).filter(({ name }) => name === "failure");
  expect(failure?.text.split("\n").slice(1, 7)).toEqual([
    "| `a` </pre></failure>]]><b>&\"'\\u202e\\x00\\ufffe\\ud800 *x*",
    "::error::pwned",
    "  ::warning title=x::pwned",
    "##[error]pwned",
    "amqp://me:***@host --password ***",
    "\\x1b[2J\\x07",
  ]);
  expect(xml).not.toContain(SECRET);
  expect(xml.length).toBeLessThan(200_000);
});

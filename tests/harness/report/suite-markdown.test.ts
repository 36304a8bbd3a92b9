import { describe, expect, test } from "vitest";
import { SUMMARY_LIMIT } from "../../../harness/report/markdown-fit.ts";
import { suiteMarkdown } from "../../../harness/report/suite-markdown.ts";
import { aSpec, aTest, onVersion } from "./specs.ts";
import { aReport, brokenSuite, FAILURE, hostileSuite, SECRET } from "./suite-results.ts";

test("a broken suite: what failed with its lives, then the table, then the rest", () => {
  const lines = suiteMarkdown(brokenSuite()).split("\n");
  const words = lines.indexOf("<details><summary>What the words of an account mean</summary>");
  const after = lines.indexOf("</details>", words);
  expect([...lines.slice(0, words), ...lines.slice(after + 2)]).toEqual([
    "## ✗ BROKEN: Of 4 experiments 1 held, 1 broke its promise, 1 proved nothing, 1 did not apply. Of 4 other tests 1 passed, 2 failed, 1 skipped",
    "",
    "### ✗ A task is done · classic · RabbitMQ 4.3.6",
    "",
    "3 published = 3 confirmed = 2 completed + 1 lost",
    "",
    "<pre>task-2 is lost:",
    ...FAILURE.split("\n").slice(2, -1),
    "    }</pre>",
    "",
    "### ✗ tests/harness/sink.test.ts &#62; A sink answers",
    "",
    "<pre>expected 1 to be 2",
    "  at x:9:1</pre>",
    "",
    "### ✗ outside of any test",
    "",
    "<pre>Error: stray</pre>",
    "",
    "### ? A transient task is gone · classic · RabbitMQ 4.3.6",
    "",
    "The fault never landed.",
    "",
    "<pre>Again: this</pre>",
    "",
    "✓ held · ✗ broken · ? inconclusive: it proved nothing · ! could not be run · – not applicable, or not run",
    "",
    "### acknowledgement",
    "",
    "| Promise | classic | quorum |",
    "| --- | --- | --- |",
    "| A task is done | ✗ 2 completed + 1 lost | ✓ 3 completed |",
    "",
    "### durability",
    "",
    "| Promise | classic | quorum |",
    "| --- | --- | --- |",
    "| limit: A transient task is gone | ? 3 completed | – |",
    "| A task &#124; is kept | – not applicable | – |",
    "",
    "<details><summary>4 other tests</summary>",
    "",
    "| File | Passed | Failed | Skipped |",
    "|---|--:|--:|--:|",
    "| tests/harness/sink.test.ts | 1 | 1 | 1 |",
    "| outside of any test |  | 1 |  |",
    "",
    "</details>",
    "",
    "RabbitMQ 4.3.6 (ackproof/rabbitmq:sid) · 41.2 s",
    "",
  ]);
});

test("across versions each has a column, and accounts say where they are of", () => {
  const lost = { account: { published: 3, confirmed: 3, completed: 2, lost: 1 } };
  const specs = [...onVersion("4.0.5", lost), ...onVersion("4.3.6")];
  expect(suiteMarkdown(aReport({ specs })).split("\n").slice(4, 9)).toEqual([
    "### acknowledgement",
    "",
    "| Promise (classic, quorum) | 4.0.5 | 4.3.6 | What became of the tasks |",
    "| --- | :-: | :-: | --- |",
    "| A task is done | ✓ ✓ | ✓ ✓ | 4.0.5 classic, 4.0.5 quorum: 2 completed + 1 lost<br>4.3.6 classic, 4.3.6 quorum: 3 completed |",
  ]);
});

test("tests alone have no table of promises, and no legend", () => {
  const lines = suiteMarkdown(aReport({ tests: [aTest()] })).split("\n");
  expect(lines.slice(0, 3)).toEqual([
    "## ✓ HELD: Of 1 test 1 passed",
    "",
    "<details><summary>1 test</summary>",
  ]);
});

describe("within GitHub's limit", () => {
  const size = (text: string) => Buffer.byteLength(text);

  test("failures leave room for the table, and say that some are left out", () => {
    const line = "é".repeat(300);
    const failure = Array.from({ length: 60 }, () => line).join("\n");
    const broken = Array.from({ length: 100 }, (_, at) =>
      aSpec({ promise: `Promise ${at}`, outcome: "broken", failure }),
    );
    const held = Array.from({ length: 3_000 }, (_, at) =>
      aSpec({ promise: `Promise ${at} of ${"many ".repeat(20)}` }),
    );
    const text = suiteMarkdown(aReport({ specs: [...broken, ...held] }));
    expect(size(text)).toBeLessThanOrEqual(SUMMARY_LIMIT);
    expect(size(text)).toBeGreaterThan(SUMMARY_LIMIT / 3);
    expect(text).toMatch(/^\*\*\d+ failures left out: there is room for no more than 1 MiB/m);
    expect(text).toContain("| Promise 99 | ✗ 3 completed | – |");
    expect(text).toMatch(/^RabbitMQ 4\.3\.6/m);
  });

  test("tables that are too long are left out, and that is said", () => {
    const specs = Array.from({ length: 4_000 }, (_, at) =>
      aSpec({ family: `family-${at}`, promise: `Promise ${at} ${"x".repeat(500)}` }),
    );
    const text = suiteMarkdown(aReport({ specs }));
    expect(size(text)).toBeLessThanOrEqual(SUMMARY_LIMIT);
    expect(text).toMatch(/^\*\*\d+ tables left out: /m);
  });

  test.each([5_000, 20_000, SUMMARY_LIMIT])("of %i bytes hostile text stays, too", (room) => {
    expect(size(suiteMarkdown(hostileSuite(), room))).toBeLessThanOrEqual(room);
  });
});

test("hostile text is text, in a heading, in a table and preformatted, and holds no password", () => {
  const text = suiteMarkdown(hostileSuite());
  expect(text).not.toContain(SECRET);
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  const html = text.match(/<(?!\/?(pre|details|summary|br)>)[^>]*/g);
  expect(html).toBeNull();
  expect(text).toContain("| &#96;a&#96; &#60;/pre&#62;".replace("| ", "&#124; "));
});

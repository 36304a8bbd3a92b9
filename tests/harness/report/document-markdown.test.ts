import { expect, test } from "vitest";
import { anchorOf, escaped, listInWords } from "../../../harness/report/document-markdown.ts";

test.each([
  ["a *star* and a <0.1.2> process", "a \\*star\\* and a \\<0.1.2\\> process"],
  ["[a link](nowhere) | ~gone~", "\\[a link\\](nowhere) \\| \\~gone\\~"],
  ["PRECONDITION_FAILED, _really_", "PRECONDITION_FAILED, \\_really\\_"],
  ["feature `transient_*_queues` *is* off", "feature `transient_*_queues` \\*is\\* off"],
  ["# no heading, #406", "\\# no heading, #406"],
  ["- no list", "\\- no list"],
  ["one\n  line", "one line"],
])("%j is %j in Markdown", (text, markdown) => {
  expect(escaped(text)).toBe(markdown);
});

/** As GitHub renders them. */
test.each([
  ["It is lost", "#it-is-lost"],
  [
    "Limit: A worker can't ack, and the task is done twice",
    "#limit-a-worker-cant-ack-and-the-task-is-done-twice",
  ],
  ["With `noAck` – and x_y, mid-task", "#with-noack--and-x_y-mid-task"],
])("the anchor of %j is %s", (heading, anchor) => {
  expect(anchorOf(heading)).toBe(anchor);
});

test("lists are written as they are spoken", () => {
  expect([["a"], ["a", "b"], ["a", "b", "c"]].map(listInWords)).toEqual([
    "a",
    "a and b",
    "a, b and c",
  ]);
});

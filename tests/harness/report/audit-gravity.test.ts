import { expect, test } from "vitest";
import { GRAVEST_FIRST, gravestFirst, happened } from "../../../harness/report/audit-gravity.ts";
import { aConviction } from "./audit-results.ts";

test("losing tasks is the gravest, and habits come last", () => {
  expect(GRAVEST_FIRST).toEqual([
    ...["lost", "duplicated", "misdirected ack", "at risk", "not consuming", "crashed on"],
    ...["poison loop", "drain failed", "remaining", "automatic acks", "never acked"],
    ...["unknown delivery tag", "unbounded prefetch", "transient publishes"],
    ...["unconfirmed publishes", "unroutable publishes without mandatory", "unexpected"],
  ]);
});

test("convictions of one kind stay in their order", () => {
  const first = aConviction({ kind: "remaining", sentence: "first" });
  const second = aConviction({ kind: "remaining", sentence: "second" });
  const lost = aConviction();
  expect(gravestFirst([first, second, lost])).toEqual([lost, first, second]);
});

test("a clause counts tasks where it knows them", () => {
  const clauses = [0, 1, 2].map((tasks) => happened("lost", tasks));
  expect(clauses).toEqual(["tasks were lost", "1 task was lost", "2 tasks were lost"]);
  expect(happened("misdirected ack", 2)).toBe(
    "tasks were answered by delivery tags of a channel that had ended",
  );
  expect(happened("drain failed", 2)).toBe("the worker did not end as it should after SIGTERM");
});

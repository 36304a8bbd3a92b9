import { expect, test } from "vitest";
import { entriesSince } from "../../../harness/audit/broker-log.ts";

const LOG = `2026-11-22 10:00:00.100+00:00 [info] old
  more of the old
2026-11-22 11:00:01.5+01:00 [info] new
  more of the new
2026-11-22 10:00:02.0+00:00 [info] newest
`;

test("a trial's part of the broker's log begins with the first entry that is as new", () => {
  const since = Date.parse("2026-11-22T10:00:01Z");
  expect(entriesSince(LOG, since)).toBe(LOG.slice(LOG.indexOf("2026-11-22 11")));
});

test("nothing is left of a log that ended before", () => {
  expect(entriesSince(LOG, Date.parse("2026-11-23T00:00:00Z"))).toBe("");
});

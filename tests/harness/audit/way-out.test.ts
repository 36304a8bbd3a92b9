/** Which setting accepts what a worker is convicted of, where there is one for it. */
import { expect, test } from "vitest";
import type { AuditOptions } from "../../../harness/audit/options.ts";
import { withWayOut } from "../../../harness/audit/way-out.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "../ledger/history-builder.ts";

type Settings = Pick<AuditOptions, "duplicates" | "allow">;
const STRICT: Settings = { duplicates: "forbid", allow: [] };

/** What the ledger says of the one wrong in a story, and what an audit adds to it. */
function added(told: Story, settings: Settings = STRICT): string {
  const { convictions } = judge(told.events, { convictions: "all" });
  expect(convictions).toHaveLength(1);
  const [conviction] = convictions;
  if (!conviction) throw new Error("Nothing is wrong in this story");
  const { sentence, ...rest } = withWayOut(conviction, settings);
  expect({ ...rest, sentence: conviction.sentence }).toEqual(conviction);
  expect(sentence.startsWith(conviction.sentence)).toBe(true);
  return sentence.slice(conviction.sentence.length);
}

const starts = () => story().starts("w").connects("w").consumes("w").stores("a");
const twice = () =>
  starts().delivers("a", "w").does("w", "a").does("w", "a").acks("w", "a").drains();
const exits = (code: number) =>
  starts().works("w", "a").exits("w", { code, signal: null }).hangsUp("w").drains();

test("a task that is done twice may be harmless", () => {
  expect(added(twice())).toBe(" Where doing it again does no harm, --duplicates allow accepts it.");
});

test.for([0, 1])("whoever ends with exit code %i may have a supervisor", (code) => {
  const words = " Where a supervisor starts it again, --exits allow does so, too.";
  expect(added(exits(code))).toBe(words);
});

test("a hang has no supervisor, and nothing makes up for a loss", () => {
  const hung = starts().delivers("a", "w").fails("w", "a").waits(3_000).drains("tasks", "a");
  expect(added(hung)).toBe("");
  expect(added(starts().delivers("a", "w").acks("w", "a").drains())).toBe("");
});

test("nothing is added to what is accepted already", () => {
  expect(added(twice(), { ...STRICT, duplicates: "allow" })).toBe("");
  expect(added(twice(), { ...STRICT, allow: ["duplicated"] })).toBe("");
  expect(added(exits(1), { ...STRICT, allow: ["crashed on"] })).toBe("");
});

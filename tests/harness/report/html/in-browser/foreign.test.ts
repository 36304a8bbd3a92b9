/** Whatever lies in a run's files, its report is written, and shows what can be shown. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Event } from "../../../../../harness/history/event.ts";
import { judge } from "../../../../../harness/ledger/ledger.ts";
import { readRun } from "../../../../../harness/report/html/read/run.ts";
import { writeReport } from "../../../../../harness/report/html/write.ts";
import { folder, loss, saveRun } from "../saved-run.ts";
import { open, useBrowser } from "./browser.ts";

vi.setConfig({ testTimeout: 60_000 }); // The page is bundled first, and the machine may be busy.

/** JSON whose keys are often those that a run has. */
function json(keys: readonly string[]): fc.Arbitrary<unknown> {
  const key = fc.oneof(fc.constantFrom(...keys), fc.string());
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, -1, 7, "", "lost-1", "trials/00", "broken", "2026-11-22"),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(key, tie("value"), { maxKeys: 6 }),
    ),
  })).value;
}

const KEYS = {
  "audit.json":
    "outcome headline command settings broker version image selfChecks sentence trials name fault moment account convictions kind tasks directory reasons doubts notes seed rerun milliseconds allowed",
  "manifest.json": "title rerun fault queueType broker version image digest startedAt node",
  "verdict.json":
    "outcome reasons account published lost fates completed convictions kind sentence tasks",
  "failure.json": "outcome reasons expected actual published lost",
  "results.json":
    "specs promise family queueType outcome broker version account reasons run time wall lanes notes availability faults docs kind",
};

describe.each(Object.entries(KEYS))("%s of anything", (file, keys) => {
  test("gives a report", () => {
    const path = saveRun(join(folder(), "run"), { events: loss().events });
    saveRun(join(path, "trials", "00"), { events: loss().events });
    fc.assert(
      fc.property(json(keys.split(" ")), (value) => {
        writeFileSync(join(path, file), JSON.stringify(value));
        expect(readRun(path).outcome).toBeTypeOf("string");
      }),
      { numRuns: 80, seed: 8 },
    );
  });
});

test("trials that are none are left out of the table", () => {
  const path = saveRun(join(folder(), "run"), { events: loss().events });
  const trials = [null, 4, {}, { name: 3, account: {} }, { name: "SIGKILL", reasons: "no" }];
  writeFileSync(join(path, "audit.json"), JSON.stringify({ trials }));
  expect(readRun(path).table?.rows.map(({ title }) => title)).toEqual(["SIGKILL"]);
});

test("specs that are none are no promises", () => {
  const path = join(folder(), "suite");
  mkdirSync(path);
  const half = { promise: "It is kept", family: "confirms", broker: { version: "4.3.6" } };
  writeFileSync(join(path, "results.json"), JSON.stringify({ specs: [null, {}, half] }));
  const { table, missing } = readRun(path);
  expect({ rows: table?.rows, missing }).toEqual({
    rows: [],
    missing: [
      "It tells of no experiment.",
      "Of its experiments, 3 can't be read, and are left out.",
    ],
  });
});

/** Events of a real story with fields that are gone, or are something else. */
const damaged = fc
  .array(
    fc.record({
      at: fc.nat(30),
      field: fc.constantFrom(
        ..."type at seq task tasks subject connection channel queue tag by".split(" "),
      ),
      value: fc.oneof(fc.constantFrom(undefined, null, {}, [], [3, null], -1), fc.string()),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((wounds) => {
    const events = structuredClone(loss().events) as unknown as Record<string, unknown>[];
    for (const { at, field, value } of wounds) {
      const event = events[at % events.length];
      if (event) event[field] = value;
    }
    return events as unknown as Event[];
  });

test("a history with wounded events gives a report, judged or not", () => {
  const path = join(folder(), "run");
  const verdict = judge(loss().events);
  fc.assert(
    fc.property(damaged, fc.boolean(), (events, isJudged) => {
      saveRun(path, { events, verdict: isJudged ? verdict : "none" });
      expect(readRun(path).outcome).toBeTypeOf("string");
    }),
    { numRuns: 80, seed: 8 },
  );
});

describe("in a browser", () => {
  useBrowser();

  test("what is left of a run is shown, with what is missing", async () => {
    const path = join(folder(), "run");
    mkdirSync(path);
    const events = loss().events.map((event, index) =>
      index % 4 === 0 ? { seq: event.seq, at: event.at, type: event.type } : event,
    );
    const lines = events.map((event) => JSON.stringify(event));
    writeFileSync(join(path, "history.ndjson"), lines.join("\n"));
    const { page, complaints } = await open(writeReport(path));
    await page.locator(".timeline svg").waitFor();
    const missing = await page.locator(".missing li").allInnerTexts();
    expect(missing).toEqual(
      expect.arrayContaining(["There is no manifest.json.", "There are no logs."]),
    );
    await page.locator(".messages [role=listbox]").focus();
    await page.keyboard.press("End");
    expect(await page.locator("#life .wire").count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });
});

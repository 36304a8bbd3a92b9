/** The table of guarantees in a real browser: filters, and the way to what is behind an answer. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { writeComparison, writeReport } from "../../../../../harness/report/html/write.ts";
import type { SpecResult } from "../../../../../harness/report/result.ts";
import { emptyReport } from "../../../../../harness/report/run-report.ts";
import { onVersion } from "../../specs.ts";
import { folder, loss, saveRun } from "../saved-run.ts";
import { open, useBrowser } from "./browser.ts";

vi.setConfig({ testTimeout: 60_000 }); // A browser takes its time where the machine is busy.

useBrowser();

function suite(name: string, specs: SpecResult[]): string {
  const path = join(folder(), name);
  mkdirSync(path);
  writeFileSync(join(path, "results.json"), JSON.stringify({ ...emptyReport(), specs }));
  return path;
}

const run = () => saveRun(join(folder(), "run"), { events: loss().events });

function specs(): SpecResult[] {
  const [classic, ...others] = onVersion("4.3.6", { family: "confirms", promise: "It is kept" });
  return [
    { ...(classic as SpecResult), outcome: "broken", reasons: ["It is not."], run: run() },
    ...others,
    ...onVersion("4.0.5", { family: "confirms", promise: "It is kept" }),
    ...onVersion("4.3.6", { family: "redelivery", promise: "It comes again" }),
  ];
}

const headings = (page: Page) => page.locator("thead th").allInnerTexts();
const promises = (page: Page) => page.locator("tbody th").allInnerTexts();

test("a row for each promise, a column for each broker and type of queue", async () => {
  const { page } = await open(writeReport(suite("one", specs())));
  expect(await headings(page)).toEqual([
    "family",
    "promise",
    "4.3.6 · classic",
    "4.3.6 · quorum",
    "4.0.5 · classic",
    "4.0.5 · quorum",
  ]);
  expect(await page.locator("tbody tr").nth(1).innerText()).toMatch(/not run\s+not run$/);
});

test("filters by family, broker, type of queue and verdict leave what fits all of them", async () => {
  const { page } = await open(writeReport(suite("one", specs())));
  await page.getByLabel("broker").selectOption("4.3.6");
  await page.getByLabel("type of queue").selectOption("classic");
  expect((await headings(page)).slice(2)).toEqual(["4.3.6 · classic"]);
  await page.getByLabel("verdict").selectOption("broken");
  await expect.poll(() => promises(page)).toEqual([expect.stringContaining("It is kept")]);
  await page.getByLabel("type of queue").selectOption("quorum");
  await expect.poll(() => promises(page)).toEqual([]);
  await page.getByLabel("verdict").selectOption("all");
  await page.getByLabel("family").selectOption("redelivery");
  await expect.poll(() => promises(page)).toEqual([expect.stringContaining("It comes again")]);
  expect(await page.getByRole("status").filter({ hasText: "of" }).innerText()).toBe("1 of 2");
});

test("an answer leads to its timeline, and says why and how to run it again", async () => {
  const { page, complaints } = await open(writeReport(suite("one", specs())));
  await page.getByText("why").click();
  expect(await page.locator("td details").innerText()).toMatch(
    /It is not\.[\s\S]*npm run guarantees/,
  );
  await page.getByRole("button", { name: "timeline" }).click();
  await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("experiment");
  expect(await page.locator("#life-title").innerText()).toBe("The life of lost-1");
  expect(complaints).toEqual([]);
});

test("a comparison begins with what changed, side by side", async () => {
  const before = specs().map((spec): SpecResult => ({ ...spec, outcome: "held" }));
  const report = writeComparison(
    suite("old", before),
    suite("new", specs()),
    join(folder(), "c.html"),
  );
  const { page, complaints } = await open(report);
  expect(await page.locator("h1").innerText()).toMatch(
    /1 of 2 answers changed; the worst is broken/,
  );
  expect(await promises(page)).toEqual([expect.stringContaining("It is kept")]);
  expect(await headings(page)).toContain("before · 4.3.6 · classic");
  await page.getByLabel("only what changed").uncheck();
  await expect.poll(async () => (await promises(page)).length).toBe(2);
  expect(complaints).toEqual([]);
});

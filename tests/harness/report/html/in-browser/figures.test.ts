/** The page of benchmarks in a real browser. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { writeReport } from "../../../../../harness/report/html/write.ts";
import { aFigure, aReport, BOOT } from "../../benchmarks.ts";
import { folder } from "../saved-run.ts";
import { open, useBrowser } from "./browser.ts";
import { contrasts } from "./contrast.ts";

vi.setConfig({ testTimeout: 60_000 }); // A browser takes its time where the machine is busy.

useBrowser();

function report(): string {
  const path = join(folder(), "bench-1");
  mkdirSync(path);
  const figures = [aFigure(), aFigure({ what: "slow", median: 0.8, met: false }), BOOT];
  writeFileSync(join(path, "benchmarks.json"), JSON.stringify(aReport({ figures })));
  return writeReport(path);
}

test("the table says in words what the plots draw: each round, median and bound", async () => {
  const { page, complaints } = await open(report());
  await page.locator(".figure svg").nth(1).waitFor();
  expect(await page.locator("h1").innerText()).toMatch(/missed.*1 of 2 promised numbers missed/is);
  expect(await page.locator(".figures tbody tr").allInnerTexts()).toEqual([
    expect.stringMatching(
      /^link\s+publish, link \/ direct\s+0.90\s+0.88 to 0.95\s+at least 0.85\s+✓ met$/,
    ),
    expect.stringMatching(/^link\s+slow\s+0.80\s+0.88 to 0.95\s+at least 0.85\s+✗ MISSED$/),
    expect.stringMatching(/^kill\s+the broker's own boot\s+4.10 s\s+one round\s+no bound$/),
  ]);
  const [ratios, seconds] = await page.locator(".figure svg").all();
  expect(await ratios?.locator("circle").count()).toBe(6);
  expect(await seconds?.locator("circle").count()).toBe(1);
  expect(await ratios?.getAttribute("aria-hidden")).toBe("true");
  expect(complaints).toEqual([]);
});

test.each(["light", "dark"] as const)("in %s colours every text can be read", async (scheme) => {
  const { page } = await open(report(), { scheme });
  await page.locator(".figure svg").nth(1).waitFor();
  expect((await contrasts(page)).filter(({ ratio }) => ratio < 4.5)).toEqual([]);
});

test("on a narrow screen nothing is wider than the page", async () => {
  const { page } = await open(report(), { width: 360 });
  await page.locator(".figure svg").nth(1).waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
});

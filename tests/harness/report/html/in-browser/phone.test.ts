/** An audit's page on a phone: all of it can be read without going sideways. */
import { expect, test, vi } from "vitest";
import { writeReport } from "../../../../../harness/report/html/write.ts";
import { saveAudit } from "../saved-audit.ts";
import { loss } from "../saved-run.ts";
import { open, useBrowser } from "./browser.ts";

vi.setConfig({ testTimeout: 60_000 }); // A browser takes its time where the machine is busy.

useBrowser();

const LONG = "a broker's channel-close in the midst of a task, between its effect and its ack";

const audit = () =>
  writeReport(saveAudit({ [LONG]: loss().events, [`${LONG}, and once more`]: loss().events }));

/** What leaves the screen, or scrolls sideways within it; run in the page. */
const TOO_WIDE = `[...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && !one.closest("svg, .skip"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth
    || (one.matches(".scroll") && one.scrollWidth > one.clientWidth))
  .map((one) => one.outerHTML.slice(0, 100))`;

/** Texts that stand in a column of a letter or two. */
const UPRIGHT = `[...document.querySelectorAll("td, th, label, dt, dd, h2, h3")]
  .filter((one) => one.checkVisibility() && one.innerText.trim().length > 4)
  .filter((one) => one.getBoundingClientRect().width < 50)
  .map((one) => one.outerHTML.slice(0, 100))`;

test.each([390, 320])(
  "at %d pixels nothing leaves the screen, or stands upright",
  async (width) => {
    const { page, complaints } = await open(audit(), { width });
    await page.locator(".timeline svg").waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    expect(await page.evaluate(TOO_WIDE)).toEqual([]);
    expect(await page.evaluate(UPRIGHT)).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

test("each answer says which broker and type of queue it is of, as its column did", async () => {
  const { page } = await open(audit(), { width: 390 });
  const cell = page.locator("td.answer").first();
  const heading = 'getComputedStyle(document.querySelector("td.answer"), "::before").content';
  expect(await page.evaluate(heading)).toContain("4.3.6 · classic");
  expect(await page.locator("thead").isVisible()).toBe(false);
  expect(await cell.innerText()).toMatch(/held/);
});

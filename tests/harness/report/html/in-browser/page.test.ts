/** The page in a real browser, as its readers have it. */
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { writeReport } from "../../../../../harness/report/html/write.ts";
import { Story } from "../../../ledger/history-builder.ts";
import { saveAudit } from "../saved-audit.ts";
import { folder, loss, saveRun, well } from "../saved-run.ts";
import { open, useBrowser } from "./browser.ts";
import { contrasts } from "./contrast.ts";

vi.setConfig({ testTimeout: 60_000 }); // A browser takes its time where the machine is busy.

useBrowser();

function reportOfLoss(): string {
  const logs = {
    broker: "2026-11-22 10:00:00.006+00:00 [info] broker says\n",
    "worker-1": "worker says\n",
  };
  return writeReport(saveRun(join(folder(), "run"), { events: loss().events, logs }));
}

test("it opens from the disk without a complaint, and asks the network for nothing", async () => {
  const { page, complaints } = await open(reportOfLoss());
  await page.locator(".timeline svg").waitFor();
  expect(await page.locator("h1").innerText()).toMatch(
    /broken.*worker-1 acked 1 task \(lost-1\)/is,
  );
  expect(await page.locator(".sum p").allInnerTexts()).toEqual([
    expect.stringMatching(/2 published\s*=\s*2 confirmed\s*✓ adds up/),
    expect.stringMatching(/2 confirmed\s*=\s*1 completed\s*\+\s*1 lost\s*✓ adds up/),
  ]);
  expect(complaints).toEqual([]);
});

test("it opens at its top", async () => {
  const { page } = await open(reportOfLoss());
  // It is drawn by an effect, as the list of messages moves by one.
  await page.locator(".timeline svg").waitFor();
  expect(await page.locator("#life-title").innerText()).toBe("The life of lost-1");
  expect(await page.evaluate("[window.scrollY, document.activeElement.id]")).toEqual([0, ""]);
});

test("a command in the headline looks like one", async () => {
  const { page } = await open(writeReport(saveAudit({ first: loss().events })));
  expect(await page.locator("h1 code").innerText()).toBe("node worker.mjs");
  expect(await page.locator("h1").innerText()).not.toContain("`");
});

test("whatever became of an effect, the legend has its shape", async () => {
  const story = new Story().declares().consumes("worker-1").stores("bad-1", "logged-1");
  story.delivers("bad-1", "worker-1").asks("worker-1", "bad-1").fails("worker-1", "bad-1");
  story.rejects("worker-1", "bad-1").delivers("logged-1", "worker-1").logs("worker-1", "logged-1");
  const { page } = await open(
    writeReport(saveRun(join(folder(), "run"), { events: story.events })),
  );
  await page.locator(".timeline svg").waitFor();
  const titles = await page.locator(".timeline .steps title").allTextContents();
  expect(titles).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^bad-1: effect refused,/),
      expect.stringMatching(/^logged-1: effect done,/),
    ]),
  );
  expect(await page.locator(".legend").innerText()).toMatch(/✱ effect refused/);
});

test("what was done to a worker stands over its timeline, also where no fault was injected", async () => {
  const overTimeline = async (story: Story) => {
    const { page } = await open(
      writeReport(saveRun(join(folder(), "run"), { events: story.events })),
    );
    await page.locator(".timeline svg").waitFor();
    return page.locator(".faults li, .experiment > .note").allInnerTexts();
  };
  const nothing = new Story().declares().consumes("worker-1").stores("a").works("worker-1", "a");
  expect(await overTimeline(nothing)).toEqual(["No fault was injected."]);
  const refused = new Story().declares().consumes("worker-1").stores("a");
  refused.delivers("a", "worker-1").fails("worker-1", "a", 503).acks("worker-1", "a");
  expect(await overTimeline(refused)).toEqual([
    "⚡ Made to fail, as by an API that is overloaded: 1 task (a). Its effect was refused 1 time.",
  ]);
});

test("all trials of an audit stand on the page, on a phone as well", async () => {
  const trials = Array.from({ length: 25 }, (_, n) => [`trial ${n}`, well(1).events] as const);
  const { page } = await open(writeReport(saveAudit(Object.fromEntries(trials))));
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.locator(".answers tbody tr").count()).toBe(25);
  const hidden = `(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(
    document.querySelector(".scroll"))`;
  expect(await page.evaluate(hidden)).toBe(0);
});

test("the list shows a message that is found in another experiment", async () => {
  const path = saveAudit({ first: loss().events, second: well(60).events });
  const { page } = await open(writeReport(path));
  await page.getByRole("combobox", { name: /find a message/i }).fill("task-55");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("#life-title").innerText()).toBe("The life of task-55");
  const isInSight = `(() => {
    const list = document.querySelector(".messages [role=listbox]").getBoundingClientRect();
    const one = document.querySelector(".messages [aria-selected=true]").getBoundingClientRect();
    return one.top >= list.top && one.top < list.bottom;
  })()`;
  await expect.poll(() => page.evaluate(isInSight)).toBe(true);
});

test("the log of the same time follows to the moment that is chosen in a life", async () => {
  const { page } = await open(
    writeReport(saveRun(join(folder(), "run"), { events: well(60).events })),
  );
  await page.getByRole("combobox", { name: /find a message/i }).fill("task-55");
  await page.keyboard.press("Enter");
  await page.locator("#life button").last().click();
  const here = page.locator(".logs .lines .here");
  await expect.poll(() => here.innerText()).toMatch(/acked by .*task-55/);
  const isInSight = `(() => {
    const panel = document.querySelector(".logs [role=tabpanel]").getBoundingClientRect();
    const one = document.querySelector(".logs .here").getBoundingClientRect();
    return one.top >= panel.top && one.bottom <= panel.bottom;
  })()`;
  await expect.poll(() => page.evaluate(isInSight)).toBe(true);
});

test("zoomed in, nothing is drawn over the names of the lanes", async () => {
  const { page } = await open(
    writeReport(saveRun(join(folder(), "run"), { events: well(60).events })),
  );
  await page.locator(".timeline svg").waitFor();
  await page.locator(".timeline").focus();
  for (let zoom = 0; zoom < 4; zoom++) await page.keyboard.press("+");
  const isClipped = `[...document.querySelectorAll(".timeline .steps, .timeline .paths")]
    .every((mark) => mark.closest("[clip-path]") !== null)`;
  expect(await page.locator(".timeline .steps").count()).toBeGreaterThan(0);
  expect(await page.evaluate(isClipped)).toBe(true);
});

test("a script that is put into it does not run, and reaches nobody", async () => {
  const { page, complaints } = await open(reportOfLoss());
  await page.evaluate(`{
    const script = document.createElement("script");
    script.textContent = "window.harmed = 1";
    document.body.append(script);
    fetch("http://127.0.0.1:1/").catch(() => {});
  }`);
  expect(await page.evaluate("window.harmed")).toBeUndefined();
  expect(complaints.join("\n")).toMatch(/script-src/);
  expect(complaints.join("\n")).toMatch(/connect|default-src/);
});

describe("by keyboard alone", () => {
  test("a lost message is found, and its life read", async () => {
    const { page } = await open(reportOfLoss());
    const focused = () => page.evaluate("document.activeElement.id || document.activeElement.role");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type("lost");
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("life");
    expect(await page.locator("#life").innerText()).toMatch(
      /The life of lost-1\s+lost: confirmed, and neither done nor anywhere[\s\S]*published by publisher to tasks[\s\S]*delivered to worker-1 \(tag 1\)[\s\S]*acked by worker-1 \(tag 1\)/,
    );
    expect(await page.locator("#life .wire").last().innerText()).toMatch(
      /acked {2}tag=1 {2}multiple=false {2}subject=worker-1 {2}connection=\d+ {2}channel=1/,
    );
  });

  test("arrow keys go from message to message, and through time", async () => {
    const { page } = await open(reportOfLoss());
    await page.locator(".messages [role=listbox]").focus();
    await page.keyboard.press("ArrowDown");
    expect(await page.locator("#life-title").innerText()).toBe("The life of done-1");
    await page.locator(".timeline").focus();
    const before = await page.locator(".timeline svg").innerHTML();
    await page.keyboard.press("+");
    await expect.poll(() => page.locator(".timeline svg").innerHTML()).not.toBe(before);
  });

  test("everything that can be clicked is reached", async () => {
    const { page } = await open(reportOfLoss());
    const lost = await page.evaluate(
      `[...document.querySelectorAll("button, a, select, input")]
        .filter((one) => one.tabIndex < 0 && one.role !== "tab").length`,
    );
    expect(lost).toBe(0);
  });
});

test("the logs stand beside the timeline, of the same time", async () => {
  const { page } = await open(reportOfLoss());
  await page.getByRole("tab", { name: "broker" }).click();
  const panel = page.getByRole("tabpanel");
  await expect.poll(() => panel.innerText()).toContain("broker says");
  for (const _ of "thrice") await page.getByRole("button", { name: "zoom in" }).click();
  await expect.poll(() => panel.innerText()).not.toContain("broker says");
  await page.getByRole("tab", { name: "worker-1" }).click();
  await expect.poll(() => panel.innerText()).toMatch(/do not say when[\s\S]*worker says/);
});

test("a click on a message's path opens its life", async () => {
  const { page } = await open(reportOfLoss());
  const step = page.locator(".timeline .steps > *").filter({ hasText: "done-1: acked" });
  await step.dispatchEvent("click");
  await expect.poll(() => page.locator("#life-title").innerText()).toBe("The life of done-1");
});

test.each(["light", "dark"] as const)("all text stands out from its ground, %s", async (scheme) => {
  const { page } = await open(reportOfLoss(), { scheme });
  await page.locator(".timeline svg").waitFor();
  const all = await contrasts(page);
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
});

test("on a phone nothing is wider than the page", async () => {
  const { page } = await open(reportOfLoss(), { width: 360 });
  await page.locator(".timeline svg").waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
});

test("on paper, its controls are gone and its findings stay dark on white", async () => {
  const { page } = await open(reportOfLoss(), { scheme: "dark" });
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".search").isVisible()).toBe(false);
  expect(await page.locator("h1").isVisible()).toBe(true);
  expect(await page.locator("#life").isVisible()).toBe(true);
  const all = await contrasts(page);
  expect(all.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
});

test("many messages that went well are drawn as heights, and are few to draw", async () => {
  const events = well(5_000).events;
  const report = writeReport(saveRun(join(folder(), "run"), { events }));
  const { page, complaints } = await open(report);
  await page.locator(".timeline svg").waitFor();
  expect(await page.evaluate("document.querySelectorAll('*').length")).toBeLessThan(5_000);
  await page.getByRole("combobox", { name: /find a message/i }).fill("task-4000");
  expect(await page.getByRole("option", { name: /task-4000/ }).innerText()).toContain(
    "it is counted",
  );
  expect(complaints).toEqual([]);
});

test("of many that went wrong, some are drawn, and all are told", async () => {
  const { events } = new Story().declares().stores(...numbered(300));
  const { page } = await open(writeReport(saveRun(join(folder(), "run"), { events })));
  const steps = page.locator(".timeline .steps > *");
  await steps.first().waitFor();
  expect(await steps.count()).toBeLessThan(200);
  expect(await page.locator(".messages [role=option]").count()).toBe(300);
});

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `task-${index + 1}`);
}

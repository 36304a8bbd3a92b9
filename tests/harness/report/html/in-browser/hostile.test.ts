/** What is in a run was written by others. A report shows it as text, and keeps no secret of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { writeReport } from "../../../../../harness/report/html/write.ts";
import type { Story } from "../../../ledger/history-builder.ts";
import { folder, loss, saveRun } from "../saved-run.ts";
import { open, useBrowser } from "./browser.ts";
import { IDS, LOG, LONG, SECRET } from "./hostile.ts";

vi.setConfig({ testTimeout: 60_000 });

const URL = `amqp://guest:${SECRET}@127.0.0.1:5672`;

function hostileStory(): Story {
  const story = loss(IDS[0], IDS[1]);
  for (const id of [...IDS.slice(2), LONG]) {
    story.publishes(id).confirms(id).delivers(id, "worker-2").acks("worker-2", id);
  }
  return story.tells({
    type: "process-started",
    subject: "</script><script>window.harmed=1</script>",
    pid: 3,
    command: ["worker", "--password", SECRET, URL],
  });
}

function hostileReport(): string {
  const run = saveRun(join(folder(), "<img src=x onerror=window.harmed=1>"), {
    events: hostileStory().events,
    manifest: {
      title: IDS[1],
      rerun: `AMQP_URL=${URL} PASSWORD=${SECRET} ${IDS[2]}`,
      broker: { image: IDS[0], version: IDS[9], url: URL },
      [IDS[1] ?? ""]: { password: SECRET, nested: [URL] },
    },
    logs: { [`worker ${IDS[3]}`]: LOG, broker: LOG },
  });
  return writeReport(run);
}

test("no password is in it, wherever it stood", () => {
  const text = readFileSync(hostileReport(), "utf8");
  expect(text).not.toContain(SECRET);
  expect(text).toContain("amqp://guest:***@127.0.0.1");
});

test("nothing in it is markup but its own, and a megabyte is cut", () => {
  const text = readFileSync(hostileReport(), "utf8");
  expect(text.length).toBeLessThan(1_000_000);
  expect(text.match(/<\/script/gi)).toHaveLength(2);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left.
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
});

describe("in a browser", () => {
  useBrowser();

  test("it is shown as text", async () => {
    const { page, complaints } = await open(hostileReport());
    await page.locator(".timeline svg").waitFor();
    const shown = await page.locator("body").innerText();
    for (const id of [...IDS.slice(0, 8), ...IDS.slice(10, 12), ...IDS.slice(13)]) {
      expect(shown).toContain(id);
    }
    expect(shown).toContain("\\x1b[2J\\x00\\x07\\r\\n");
    expect(shown).toContain("\\u202egpj.exe");
    expect(shown).toContain("more characters)");
    await page.getByRole("tab", { name: "broker" }).click();
    const log = await page.getByRole("tabpanel").innerText();
    for (const id of IDS.slice(0, 8)) expect(log).toContain(id);
    expect(await page.evaluate("window.harmed")).toBeUndefined();
    expect(await page.locator("img, iframe, object, main script").count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

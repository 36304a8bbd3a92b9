import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach } from "vitest";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where Chromium is: what `CHROME_PATH` says, or the first of its usual names on the path. */
const CHROMIUM = [
  process.env.CHROME_PATH ?? "",
  ...(process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name))),
].find(isProgram);

const WHY_NOT = "there is no Chromium here: install one, or name it in CHROME_PATH";

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return path !== "";
  } catch {
    return false;
  }
}

let browser: Browser;

/** Gives the tests around it a browser; skips them, and says why, where there is none. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (CHROMIUM === undefined) return;
    // Within containers, and as root, there is no sandbox to be had.
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  });
  beforeEach(({ skip }) => skip(CHROMIUM === undefined, WHY_NOT));
  afterAll(() => browser?.close());
}

export interface Opened {
  page: Page;
  /** What the page complained of, and what it asked the network for. */
  complaints: string[];
}

/** Opens a report from the disk, as a reader does. */
export async function open(
  file: string,
  { scheme = "light", width = 1400 }: { scheme?: "light" | "dark"; width?: number } = {},
): Promise<Opened> {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: 1000 },
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  await page.locator("main").waitFor();
  return { page, complaints };
}

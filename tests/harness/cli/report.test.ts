/** The command that writes reports of saved runs, as a user types it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { Interruption } from "../../../harness/cli/interruption.ts";
import { report } from "../../../harness/cli/report.ts";
import { SetupError } from "../../../harness/errors.ts";
import { folder, loss, saveRun, well } from "../report/html/saved-run.ts";
import { page } from "../report/specs.ts";

vi.setConfig({ testTimeout: 60_000 }); // The page is bundled first, and the machine may be busy.

async function typed(...args: string[]) {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const code = await report(args, { paper: page(), say, interruption: new Interruption() });
  return { code, said: said.join("\n") };
}

test("writes the report beside the run, and says where", async () => {
  const run = saveRun(join(folder(), "run"), { events: loss().events });
  const { code, said } = await typed(run);
  expect(code).toBe(0);
  expect(said).toMatch(/^Report: .*run\/report\.html$/);
  expect(readFileSync(join(run, "report.html"), "utf8")).toContain("lost-1");
});

test("a run of the working directory is found by its id", async () => {
  const root = folder();
  vi.stubEnv("ACKPROOF_DIR", root);
  onTestFinished(() => void vi.unstubAllEnvs());
  saveRun(join(root, "runs/20261122T100546-240a2c47"), { events: loss().events });
  await typed("20261122T100546-240a2c47");
  expect(existsSync(join(root, "runs/20261122T100546-240a2c47/report.html"))).toBe(true);
  await expect(typed("20261122T100546-00000000")).rejects.toThrow(
    /^There is no run at 20261122T100546-00000000\.$/,
  );
});

test("tells a message that is asked for where so many went well", async () => {
  const run = saveRun(join(folder(), "run"), { events: well(600).events });
  await typed(run);
  const before = readFileSync(join(run, "report.html"), "utf8");
  await typed(run, "--task", "task-555");
  const after = readFileSync(join(run, "report.html"), "utf8");
  expect([before, after].map((text) => text.includes('"task":"task-555"'))).toEqual([false, true]);
});

test("compares two runs, and leaves both as they are", async () => {
  const runs = [loss(), well(2)].map(({ events }) => saveRun(join(folder(), "run"), { events }));
  const out = join(folder(), "compared.html");
  const { code } = await typed("--compare", ...runs, "--out", out);
  expect(code).toBe(0);
  expect(readFileSync(out, "utf8")).toContain("answers changed");
  expect(runs.filter((run) => existsSync(join(run, "report.html")))).toEqual([]);
});

test.each([
  ["nothing", []],
  ["two runs without a comparison", ["a", "b"]],
  ["an option that nobody knows", ["--frobnicate"]],
])("%s is refused, with what to type", async (_what, args) => {
  const refused = typed(...args);
  await expect(refused).rejects.toThrow(SetupError);
  await expect(refused).rejects.toThrow(/Usage: npm run report -- <run>/);
});

test("a comparison of one run says that it takes two", async () => {
  const refusal =
    /^--compare needs two runs, the earlier one first, and only one was given: npm run report -- --compare <run> <run>$/;
  await expect(typed("--compare", "a")).rejects.toThrow(refusal);
});

test("a comparison that is told no file has the names of both runs, and replaces no other", async () => {
  const [one = "", two = "", three = ""] = ["one", "two", "three"].map((name) =>
    saveRun(join(folder(), name), { events: well(2).events }),
  );
  const here = process.cwd();
  process.chdir(folder());
  onTestFinished(() => process.chdir(here));
  expect((await typed("--compare", one, two)).said).toBe("Report: compared-one-two.html");
  expect((await typed("--compare", one, three)).said).toBe("Report: compared-one-three.html");
  expect(readdirSync(".").sort()).toEqual(["compared-one-three.html", "compared-one-two.html"]);
});

test("a place where nothing can be written is said", async () => {
  const run = saveRun(join(folder(), "run"), { events: loss().events });
  await expect(typed(run, "--out", join(run, "nowhere", "x.html"))).rejects.toThrow(
    /The report can't be written to .*nowhere/,
  );
});

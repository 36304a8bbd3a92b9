/** The shards of a suite add up to the whole, or say why they don't. */
import { cpSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { Interruption } from "../../../harness/cli/interruption.ts";
import { report } from "../../../harness/cli/report.ts";
import { SetupError } from "../../../harness/errors.ts";
import { sumOf } from "../../../harness/report/html/read/audit.ts";
import { readRun } from "../../../harness/report/html/read/run.ts";
import { suiteIn } from "../../../harness/report/html/read/suite-file.ts";
import { folder, loss, saveRun } from "../report/html/saved-run.ts";
import { endings } from "../report/parsed-xml.ts";
import { page } from "../report/specs.ts";
import { complaints } from "../report/suite-valid.ts";
import { merged, savedSuite, shards, WHOLE } from "./merging.ts";

vi.setConfig({ testTimeout: 60_000 }); // The page is bundled first, and the machine may be busy.

describe("shards of a suite", () => {
  test("add up to the account of the same suite in one piece, and hold", async () => {
    const { code, said, data } = await merged(...shards());
    const whole = readRun(savedSuite("whole"));
    expect(whole.account).toEqual(WHOLE);
    expect(data.account).toEqual(whole.account);
    expect(data).toMatchObject({ outcome: "held", missing: [], reasons: [] });
    expect(code).toBe(0);
    expect(said).toContain("HELD: All 3 runs held.");
  });

  test("are one table, with the rows and columns of the whole", async () => {
    const { data } = await merged(...shards());
    const { table } = readRun(savedSuite("whole"));
    const titles = (rows = table?.rows) => rows?.map(({ family, title }) => [family, title]);
    expect(data.table?.columns).toEqual(table?.columns);
    expect(titles(data.table?.rows)).toEqual(titles());
  });

  test("say on which machine each was run", async () => {
    const { data } = await merged(...shards());
    const told = data.facts.map(({ label, value }) => `${label}: ${value}`).join("\n");
    for (const [index, host] of ["first", "second", "third"].entries()) {
      expect(told).toContain(
        `held · shard ${index + 1} of 3 · ${host} · linux x64 · 2 × a processor`,
      );
    }
  });

  test("of which one is missing prove nothing of the whole", async () => {
    const [first = "", , third = ""] = shards();
    const { code, data } = await merged(first, third);
    expect(code).toBe(2);
    expect(data.outcome).toBe("inconclusive");
    expect(data.reasons).toEqual([
      "Shard 2 of 3 of guarantees on ackproof/rabbitmq:sid is missing.",
    ]);
    expect(data.account.published).toBe(42);
  });

  test("of which one is there twice are refused", async () => {
    const again = savedSuite("shard-2", (_, origin) => {
      origin.run = "run-again";
    });
    await expect(merged(...shards(), again)).rejects.toThrow(SetupError);
    await expect(merged(...shards(), again)).rejects.toThrow(
      /^Shard 2 of 3 of guarantees on .* is there twice, at .*shard-2 and .*shard-2: give the one/,
    );
  });

  test.each([
    ["ackproof", "9.9.9", "the version of ackproof (0.1.0, 9.9.9)"],
    ["image", "rabbitmq:4.1", "the broker's image (ackproof/rabbitmq:sid, rabbitmq:4.1)"],
    ["titles", "lost", "the titles that were asked for (.* · quorum$, lost)"],
    ["files", ["tests/a.spec.ts"], "the test files that there are"],
  ])("of another %s are no shards of this split", async (key, value, words) => {
    const other = savedSuite("shard-2", ({ shard }) => {
      shard.of[key] = value;
    });
    const [first = "", , third = ""] = shards();
    const { code, data } = await merged(first, other, third);
    expect(code).toBe(2);
    expect(data.reasons.filter((reason) => reason.includes("is missing"))).toHaveLength(3);
    expect(data.reasons.join("\n")).toContain(
      `are no shards of one split: they differ in ${words}`,
    );
  });

  test("that ran on different versions of the same image prove neither of them", async () => {
    const other = savedSuite("shard-2", ({ specs }) => {
      for (const spec of specs) spec.broker = { image: "ackproof/rabbitmq:sid", version: "4.3.7" };
    });
    const [first = "", , third = ""] = shards();
    const { code, data } = await merged(first, other, third);
    expect(code).toBe(2);
    expect(data.reasons[0]).toMatch(/ran on RabbitMQ 4\.3\.\d and 4\.3\.\d: none has all of it/);
  });

  test("that left a file to nobody do not hold", async () => {
    const idle = savedSuite("shard-2", ({ shard }) => {
      shard.files = [];
    });
    const [first = "", , third = ""] = shards();
    const { code, data } = await merged(first, idle, third);
    expect(code).toBe(2);
    expect(data.reasons[0]).toMatch(/^No shard has run tests\/guarantees\/lost-acks\.spec\.ts\.$/);
  });

  test("break where one broke, and lead to its history wherever they are moved", async () => {
    const root = folder();
    saveRun(join(root, "lost"), { events: loss().events });
    const broken = savedSuite("shard-2", ({ specs, ...rest }) => {
      Object.assign(rest, { failed: 1 });
      Object.assign(specs[0] as object, { outcome: "broken", run: "../lost" });
    });
    cpSync(broken, join(root, "shard-2"), { recursive: true });
    const [first = "", , third = ""] = shards();
    const { code, path } = await merged(first, join(root, "shard-2"), third);
    rmSync(root, { recursive: true });
    const moved = join(folder(), "moved");
    renameSync(path, moved);
    const data = readRun(moved);
    expect(code).toBe(1);
    expect(data).toMatchObject({ outcome: "broken", missing: [] });
    expect(
      data.experiments.map(({ lives }) => lives.some(({ task }) => task === "lost-1")),
    ).toEqual([true]);
    const cells = data.table?.rows.flatMap((row) => row.cells) ?? [];
    expect(cells.filter((cell) => cell?.experiment === 0)).toMatchObject([{ outcome: "broken" }]);
    renameSync(moved, path);
  });

  test("in which a test failed that is no experiment have not held", async () => {
    const failed = savedSuite("shard-2", (results) => {
      results.failed = 1;
    });
    const [first = "", , third = ""] = shards();
    const { code, data } = await merged(first, failed, third);
    expect([code, data.outcome]).toEqual([1, "broken"]);
  });
});

describe("merged shards for machines", () => {
  /** What `report` writes of a merged run in each format. */
  async function told(path: string) {
    const at = (format: string) => join(path, `result.${format}`);
    const flags = ["json", "junit", "markdown"].flatMap((format) => [`--${format}`, at(format)]);
    const outlook = { paper: page(), say: () => {}, interruption: new Interruption() };
    await report([path, ...flags], outlook);
    const [json, junit, markdown] = ["json", "junit", "markdown"].map((format) =>
      readFileSync(at(format), "utf8"),
    );
    return { json: json ?? "", junit: junit ?? "", markdown: markdown ?? "" };
  }

  test("are one result, with all that they found", async () => {
    const { path } = await merged(...shards());
    const { json, junit, markdown } = await told(path);
    expect(complaints(json)).toEqual([]);
    const { specs } = suiteIn(JSON.parse(json));
    expect(sumOf(specs.map(({ account }) => account))).toEqual(WHOLE);
    expect(JSON.parse(json)).toMatchObject({ outcome: "held" });
    expect(endings(junit).filter((ending) => !/: (passed|skipped)$/.test(ending))).toEqual([]);
    expect(markdown).toMatch(/^## ✓ HELD/);
  });

  test("say what is missing, and are not green", async () => {
    const summary = join(folder(), "summary");
    vi.stubEnv("GITHUB_ACTIONS", "true");
    vi.stubEnv("GITHUB_STEP_SUMMARY", summary);
    const [first = "", , third = ""] = shards();
    const { path, said } = await merged(first, third);
    vi.unstubAllEnvs();
    const gap = "Shard 2 of 3 of guarantees on ackproof/rabbitmq:sid is missing.";
    const { json, junit, markdown } = await told(path);
    expect(complaints(json)).toEqual([]);
    expect(JSON.parse(json)).toMatchObject({ outcome: "inconclusive", gaps: [gap] });
    expect(endings(junit)).toContain("the whole run: error");
    expect(markdown).toMatch(/^## \? INCONCLUSIVE: .+\n\n- Shard 2 of 3 of guarantees on/);
    expect(said).toContain(`\n::warning title=INCONCLUSIVE%3A this is not the whole run::${gap}`);
    expect(readFileSync(summary, "utf8")).toBe(`${markdown}\n`);
  });
});

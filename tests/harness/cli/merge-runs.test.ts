/** Runs of several machines become one, and never seem to be more than they are. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { Interruption } from "../../../harness/cli/interruption.ts";
import { mergeRuns } from "../../../harness/cli/merge-runs.ts";
import { report } from "../../../harness/cli/report.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import { auditJson } from "../../../harness/report/audit-json.ts";
import { readRun } from "../../../harness/report/html/read/run.ts";
import { brokenAudit } from "../report/audit-results.ts";
import { folder, saveRun, well } from "../report/html/saved-run.ts";
import { page } from "../report/specs.ts";
import { json, merged, savedSuite, shards, WHOLE } from "./merging.ts";

vi.setConfig({ testTimeout: 60_000 }); // The page is bundled first, and the machine may be busy.

describe("a merged run", () => {
  test("may be merged: in which steps and order makes no difference", async () => {
    const [one = "", two = "", three = ""] = shards();
    const atOnce = await merged(one, two, three);
    const left = await merged((await merged(one, two)).path, three);
    const right = await merged((await merged(three, two)).path, one);
    expect(json(left.path, "merged.json")).toEqual(json(atOnce.path, "merged.json"));
    expect(json(right.path, "merged.json")).toEqual(json(atOnce.path, "merged.json"));
    expect(left.code).toBe(0);
  });

  test("counts no run twice, whatever a copy is called", async () => {
    const [one = "", two = "", three = ""] = shards();
    const copy = join(folder(), "another-name");
    cpSync(two, copy, { recursive: true });
    await expect(merged(one, two, copy, three)).rejects.toThrow(
      /would be counted twice: .*another/,
    );
    const both = await merged(one, two);
    await expect(merged(both.path, two, three)).rejects.toThrow(/would be counted twice/);
  });

  test("is told where it lacks a part that it once had", async () => {
    const { path } = await merged(...shards());
    const [first = ""] = readdirSync(join(path, "parts"));
    rmSync(join(path, "parts", first), { recursive: true });
    const data = readRun(path);
    expect(data.outcome).toBe("inconclusive");
    expect(data.missing.join("\n")).toContain("This part is no longer there.");
  });

  test("in a suite's formats is of suites alone, and else nothing is written", async () => {
    const [suite = ""] = shards();
    const audit = join(folder(), "audit");
    mkdirSync(audit);
    writeFileSync(join(audit, "audit.json"), auditJson(brokenAudit()));
    const to = join(folder(), "merged");
    const said: string[] = [];
    const outlook = {
      paper: page(),
      say: (line: string) => said.push(line),
      interruption: new Interruption(),
    };
    const file = join(folder(), "r.json");
    const asked = report(["--merge", suite, audit, "--out", to, "--json", file], outlook);
    await expect(asked).rejects.toThrow(/are of suites alone, and .*audit is an audit/);
    expect([said, existsSync(to)]).toEqual([[], false]);
  });

  test("asks for a directory of its own", async () => {
    const full = folder();
    writeFileSync(join(full, "something"), "");
    expect(() => mergeRuns(shards(), full)).toThrow(/is not empty: a merged run needs/);
  });

  test("is of all runs in a folder, as a download of several machines' runs is", async () => {
    const root = folder();
    for (const path of shards()) {
      cpSync(path, join(root, `machine-${path.at(-1)}`, "a-run"), { recursive: true });
    }
    const { code, data } = await merged(root);
    expect([code, data.account]).toEqual([0, WHOLE]);
  });
});

describe("what is not whole", () => {
  test("a run that was cut off is told, and the rest is shown", async () => {
    const [one = "", two = "", three = ""] = shards();
    const text = readFileSync(join(two, "results.json"), "utf8");
    writeFileSync(join(two, "results.json"), text.slice(0, 2_000));
    const { code, data } = await merged(one, two, three);
    expect(code).toBe(2);
    expect(data.missing.join("\n")).toMatch(/results\.json is not JSON of a run: it was cut off/);
    expect(data.reasons.join("\n")).toContain("Shard 2 of 3 of guarantees");
    expect(data.account.published).toBe(42);
  });

  test("results of which some can't be read", async () => {
    const cut = savedSuite("whole", ({ specs: [first] }) =>
      Object.assign(first ?? {}, { broker: 7 }),
    );
    const { code, data } = await merged(cut);
    expect(code).toBe(2);
    expect(data.missing.join("\n")).toContain("Of its experiments, 1 can't be read");
  });

  test("an account that does not add up", async () => {
    const wrong = savedSuite("whole", ({ specs: [first] }) => {
      Object.assign(first?.account ?? {}, { completed: (first?.account.completed ?? 0) - 1 });
    });
    const { code, data } = await merged(wrong);
    expect(code).toBe(2);
    expect(data.reasons.join("\n")).toMatch(/does not add up: 143 confirmed, but 142 completed/);
  });

  test("a folder that is no run, and the history of a single experiment", async () => {
    const foreign = join(folder(), "foreign");
    mkdirSync(foreign);
    const single = saveRun(join(folder(), "single"), { events: well(1).events });
    const { code, said, data } = await merged(savedSuite("whole"), foreign, single);
    expect(code).toBe(2);
    expect(said).toContain("! foreign: There is no run in it");
    expect(said).toContain("! single: This is the history of one experiment");
    expect(data.outcome).toBe("inconclusive");
    expect(data.account.published).toBe(143);
  });

  test("a path that leads nowhere is refused, and nothing is written", async () => {
    const to = join(folder(), "merged");
    expect(() => mergeRuns(["/nowhere"], to)).toThrow("There is no run at /nowhere.");
    expect(existsSync(to)).toBe(false);
  });
});

describe("runs of different kinds", () => {
  const soak = {
    soak: { messages: 3, queueType: "quorum" },
    title: "A soak of 3 tasks",
    fault: "none",
  };

  function savedAudit(): string {
    const path = join(folder(), "audit-1");
    mkdirSync(path);
    writeFileSync(join(path, "audit.json"), auditJson(brokenAudit()));
    return path;
  }

  test("an audit and a soak are a row each, and their accounts one", async () => {
    const held = saveRun(join(folder(), "soak-1"), { events: well(3).events, manifest: soak });
    const audit = savedAudit();
    const { code, data } = await merged(held, audit, ...shards());
    const rows = data.table?.rows.filter(({ family }) => ["audit", "soak"].includes(family));
    expect(rows?.map(({ family, title }) => `${family}: ${title}`)).toEqual([
      expect.stringMatching(/^audit: audit-1: Audit of /),
      "soak: soak-1: A soak of 3 tasks",
    ]);
    expect(data.account.published).toBe(143 + 3 + (readRun(audit).account.published ?? 0));
    expect(code).toBe(1);
    expect(data.charges.length).toBeGreaterThan(0);
  });

  test("a run that holds in spite of what it was convicted of is not charged with it", async () => {
    const { events } = well(3);
    const convictions = [
      { kind: "duplicated", sentence: "Duplicated: task-1.", tasks: ["task-1"] },
    ];
    const verdict = { ...judge(events), convictions };
    const held = saveRun(join(folder(), "soak-1"), { events, manifest: soak, verdict });
    const { data } = await merged(held);
    expect(data).toMatchObject({ outcome: "held", charges: [] });
    expect(readRun(held).charges).toHaveLength(1);
  });

  test("a soak whose history was cut off does not hold, though its verdict says so", async () => {
    const cut = saveRun(join(folder(), "soak-1"), { events: well(3).events, manifest: soak });
    appendFileSync(join(cut, "history.ndjson"), '{"seq": 99, "at"');
    const { code, data } = await merged(cut);
    expect(code).toBe(2);
    expect(data.missing.join("\n")).toContain("it was cut off");
    expect(data.table?.rows).toMatchObject([{ cells: [{ outcome: "held" }] }]);
  });

  test("the same suite on two machines has columns of its own for each", async () => {
    const twin = savedSuite("whole", (_, origin) => {
      origin.run = "twin";
    });
    const { code, data } = await merged(savedSuite("whole"), twin);
    expect(code).toBe(0);
    expect(data.table?.columns.map(({ part }) => part)).toEqual([expect.any(String), "twin"]);
    expect(data.account.published).toBe(2 * 143);
  });

  test("different versions of ackproof are told, and merged", async () => {
    const newer = savedSuite("whole", (_, origin) => {
      Object.assign(origin, { run: "newer", ackproof: "0.2.0" });
    });
    const { code, data } = await merged(savedSuite("whole"), newer);
    expect(code).toBe(0);
    expect(data.reasons).toEqual([
      "The runs were judged by different versions of ackproof: 0.1.0, 0.2.0.",
    ]);
  });
});

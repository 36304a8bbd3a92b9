/** What GitHub is told of a run, in a step of a workflow. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sayUntaken, tellActions } from "../../../harness/cli/actions.ts";
import { SUMMARY_LIMIT } from "../../../harness/report/markdown-fit.ts";

const ERROR = { kind: "error", title: "t", message: "m", file: "tests/a.ts", line: 7 } as const;

let folder = "";
let summary = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ackproof-actions-"));
  summary = join(folder, "summary");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is said of an error and a summary of "## it", with this in the environment. */
function told(environment: Record<string, string> = {}, markdown = (_room: number) => "## it\n") {
  const said: string[] = [];
  const all = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary, ...environment };
  tellActions({ annotations: [ERROR], markdown }, (line) => said.push(line), all);
  return said;
}

test("annotations are said, and the summary is added to what is there", () => {
  writeFileSync(summary, "# before\n\n");
  expect(told()).toEqual(["::error file=tests/a.ts,line=7,title=t::m"]);
  told();
  expect(readFileSync(summary, "utf8")).toBe("# before\n\n## it\n\n## it\n\n");
});

test("elsewhere nothing is said or written", () => {
  expect(told({ GITHUB_ACTIONS: "" })).toEqual([]);
  expect(statSync(summary, { throwIfNoEntry: false })).toBeUndefined();
});

test("a file's place is that in the repository", () => {
  const [command] = told({ GITHUB_WORKSPACE: join(process.cwd(), "..") });
  expect(command).toMatch(/^::error file=[^/,]+\/tests\/a\.ts,line=7/);
  expect(told({ GITHUB_WORKSPACE: join(process.cwd(), "elsewhere") })[0]).toContain("=tests/a.ts,");
});

test("where commands are stopped, they are taken for these alone", () => {
  const commands = told({ ACKPROOF_STOPPED_COMMANDS: "token" });
  expect(commands).toEqual([
    "::token::",
    "::error file=tests/a.ts,line=7,title=t::m",
    "::stop-commands::token",
  ]);
});

test("the summary is given what room is left in that of its step", () => {
  writeFileSync(summary, "x".repeat(1_000_000));
  const rooms: number[] = [];
  told({}, (room) => {
    rooms.push(room);
    return "y".repeat(room);
  });
  expect(rooms).toEqual([SUMMARY_LIMIT - 1_000_000 - 4_096]);
  expect(statSync(summary).size).toBeLessThanOrEqual(SUMMARY_LIMIT);
  expect(told()[1]).toBe("The job has no summary of this: what came before it has filled it.");
});

test("a summary that can't be written is said in a sentence, and is no error", () => {
  expect(told({ GITHUB_STEP_SUMMARY: join(folder, "nowhere/summary") })[1]).toMatch(
    /^The job has no summary of this: ENOENT[^\n]*$/,
  );
  expect(told({ GITHUB_STEP_SUMMARY: folder })[1]).toMatch(/^The job has no summary .*EISDIR/);
});

test("what looks like a command is none, where GitHub would take it for one", () => {
  const untaken = (environment: Record<string, string>) => {
    const said: string[] = [];
    sayUntaken(["::error::an id"], (line) => said.push(line), environment);
    return said;
  };
  const [first = "", ...rest] = untaken({ GITHUB_ACTIONS: "true" });
  const [, token = "none"] = /^::stop-commands::(.{20,})$/.exec(first) ?? [];
  expect(rest).toEqual(["::error::an id", `::${token}::`]);
  expect(untaken({})).toEqual(["::error::an id"]);
  const stopped = { GITHUB_ACTIONS: "true", ACKPROOF_STOPPED_COMMANDS: "by others" };
  expect(untaken(stopped)).toEqual(["::error::an id"]);
});

test("where there is nothing to say, nothing is said", () => {
  sayUntaken([], () => expect.unreachable(), { GITHUB_ACTIONS: "true" });
});

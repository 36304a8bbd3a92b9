import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { lastLines } from "../../../harness/audit/last-lines.ts";

/** What a program of Node prints when it dies of an error, whatever becomes of it. */
function dying(program: string): Buffer {
  return execFileSync("sh", ["-c", '"$0" -e "$1" 2>&1 || true', process.execPath, program]);
}

describe("What a worker printed", () => {
  it("is quoted by its last lines", () => {
    const lines = Array.from({ length: 30 }, (_, n) => `line ${n}`);
    const quoted = lastLines(Buffer.from(`${lines.join("\n")}\n`)).split("\n");
    expect(quoted).toEqual(lines.slice(-12).map((line) => `  ${line}`));
  });

  it("has the error in it that it died of, however deep it was thrown", () => {
    const deep =
      "const f = (n) => { if (n === 0) throw new Error('no queue for me'); f(n - 1); }; f(9)";
    const output = dying(deep);
    expect(output.toString().split("\n").length).toBeGreaterThan(15);
    const quoted = lastLines(output);
    expect(quoted).toContain("  Error: no queue for me\n      at f ");
    expect(quoted.match(/ at /g)).toHaveLength(1);
  });

  it("keeps what an error was caused by", () => {
    const cause = "throw new Error('no worker', { cause: new Error('no queue') })";
    const quoted = lastLines(dying(cause));
    expect(quoted).toContain("Error: no worker");
    expect(quoted).toContain("Error: no queue");
  });

  it("is nothing when there is none", () => {
    expect(lastLines(Buffer.from(" \n\n"))).toBe("");
  });
});

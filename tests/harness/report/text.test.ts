import { PassThrough } from "node:stream";
import { WriteStream } from "node:tty";
import { describe, expect, test, vi } from "vitest";
import { indent, pad, paperOf, seconds, wrap } from "../../../harness/report/text.ts";

describe("wrap", () => {
  test("breaks between words, and fills each line as far as it goes", () => {
    expect(wrap("one two three four", 8)).toEqual(["one two", "three", "four"]);
  });

  test("keeps a number with what it counts", () => {
    expect(wrap("19 completed + 1 duplicated", 16)).toEqual(["19 completed +", "1 duplicated"]);
  });

  test("lets a word that is longer than a line stand out", () => {
    expect(wrap("a acknowledgement b", 5)).toEqual(["a", "acknowledgement", "b"]);
  });

  test("breaks nothing where there is no end of the line", () => {
    const text = "word ".repeat(200).trim();
    expect(wrap(text, Number.POSITIVE_INFINITY)).toEqual([text]);
  });
});

test("pads by what is seen, not by colour codes", () => {
  expect(pad("\x1B[32mok\x1B[39m", 4)).toBe("\x1B[32mok\x1B[39m  ");
});

test("indents every line but empty ones", () => {
  expect(indent("a\n\n b", 2)).toBe("  a\n\n   b");
});

test("tells milliseconds as seconds", () => {
  expect([0, 449, 12_345].map(seconds)).toEqual(["0.0 s", "0.4 s", "12.3 s"]);
});

describe("paper", () => {
  const stream = (terminal: object) =>
    Object.assign(new PassThrough(), terminal) as unknown as NodeJS.WriteStream;
  const { getColorDepth } = WriteStream.prototype;
  const terminal = { isTTY: true, columns: 80, getColorDepth };

  test("of a file has no colours and no end of the line", () => {
    const paper = paperOf(stream({}));
    expect([paper.columns, paper.paint("red", "x")]).toEqual([Number.POSITIVE_INFINITY, "x"]);
  });

  test("of a terminal has both, unless NO_COLOR is set", () => {
    vi.stubEnv("TERM", "xterm-256color");
    for (const name of ["NO_COLOR", "FORCE_COLOR", "NODE_DISABLE_COLORS", "CI"]) {
      vi.stubEnv(name, undefined);
    }
    const paper = paperOf(stream(terminal));
    expect([paper.columns, paper.paint("red", "x")]).toEqual([80, "\x1B[31mx\x1B[39m"]);
    vi.stubEnv("NO_COLOR", "1");
    expect(paper.paint("red", "x")).toBe("x");
    vi.unstubAllEnvs();
  });
});

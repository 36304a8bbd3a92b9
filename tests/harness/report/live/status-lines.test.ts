/** Lines at the bottom of a terminal, by what it shows in the end. */
import { expect, test } from "vitest";
import { columnsOf } from "../../../../harness/report/live/cut.ts";
import { StatusLines } from "../../../../harness/report/live/status-lines.ts";
import { shownBy } from "./screen.ts";

/** A terminal that keeps what is written to it. */
class Recorded {
  columns = 80;
  rows = 24;
  readonly writes: string[] = [];

  write(text: string): void {
    this.writes.push(text);
  }

  get shown(): string[] {
    return shownBy(this.writes.join(""));
  }
}

function drawing() {
  const terminal = new Recorded();
  return { terminal, status: new StatusLines(terminal) };
}

test("are overwritten by those that follow, more or fewer", () => {
  const { terminal, status } = drawing();
  status.draw(["one of three", "first", "second"]);
  expect(terminal.shown).toEqual(["one of three", "first", "second", ""]);
  status.draw(["two", "third"]);
  expect(terminal.shown).toEqual(["two", "third", ""]);
  status.draw(["three of three", "a", "b", "c"]);
  expect(terminal.shown).toEqual(["three of three", "a", "b", "c", ""]);
});

test("what is said stands above them, whole and in order", () => {
  const { terminal, status } = drawing();
  status.above("before\n", []);
  status.draw(["1 of 2", "at work"]);
  status.above("said\nin two lines\n", ["1 of 2", "at work"]);
  status.draw(["2 of 2"]);
  status.above("said last\n", ["now 2 of 2"]);
  expect(terminal.shown).toEqual(["before", "said", "in two lines", "said last", "now 2 of 2", ""]);
});

test("nothing of them is left when they are cleared, and what comes next begins a row", () => {
  const { terminal, status } = drawing();
  status.draw(["1 of 2", "at work"]);
  status.above("said\n", ["1 of 2", "at work"]);
  status.clear();
  expect(terminal.shown).toEqual(["said", ""]);
  status.clear();
  expect(terminal.shown).toEqual(["said", ""]);
});

test("each change is one write, and what has not changed is not drawn again", () => {
  const { terminal, status } = drawing();
  status.draw(["same", "same"]);
  status.draw(["same", "same"]);
  expect(terminal.writes).toHaveLength(1);
  status.above("said\n", ["same", "same"]);
  expect(terminal.writes).toHaveLength(2);
});

test("a line is cut to the width, also in the middle of wide characters, and to one row", () => {
  const { terminal, status } = drawing();
  terminal.columns = 12;
  status.draw(["a long line indeed", "全角文字はここに", "a\nb\tc\x1B[2J"]);
  expect(terminal.shown).toEqual(["a long lin…", "全角文字は…", "a b c [2J", ""]);
  expect(terminal.shown.map(columnsOf)).toEqual([11, 11, 9, 0]);
});

test("no more lines are drawn than a low terminal has room for beside what is said", () => {
  const { terminal, status } = drawing();
  terminal.rows = 4;
  status.draw(["1", "2", "3", "4", "5"]);
  expect(terminal.shown).toEqual(["1", "2", ""]);
  terminal.rows = 1;
  status.draw(["6", "7"]);
  expect(terminal.shown).toEqual(["6", ""]);
});

test("a terminal that was made narrower has wrapped them, and all of their rows are overwritten", () => {
  const { terminal, status } = drawing();
  status.draw(["x".repeat(70), "y".repeat(20)]);
  terminal.columns = 30;
  status.draw(["x".repeat(70), "y".repeat(20)]);
  const up = 3 + 1;
  expect(terminal.writes.at(-1)).toMatch(new RegExp(`^\\r\\x1B\\[${up}A${"x".repeat(28)}…`));
});

test("colours are put on when a line has been cut", () => {
  const terminal = new Recorded();
  terminal.columns = 8;
  const status = new StatusLines(terminal, (line, at) =>
    at === 0 ? line : `\x1B[2m${line}\x1B[22m`,
  );
  status.draw(["summary", "a long line"]);
  expect(terminal.writes.join("")).toContain("\x1B[2ma long…\x1B[22m");
});

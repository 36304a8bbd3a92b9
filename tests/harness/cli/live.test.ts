/** What is drawn and what is said, on a real terminal and where there is none. */
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test, vi } from "vitest";
import { canRedraw } from "../../../harness/cli/live.ts";
import { passThrough } from "../../../harness/cli/pass-through.ts";
import { shownBy } from "../report/live/screen.ts";

vi.setConfig({ testTimeout: 60_000 }); // Programs are started, and the machine may be busy.

const PROGRAM = join(import.meta.dirname, "live-program.ts");
const SUMMARY = "1 of 2 · a summary";
const ESCAPE = "\x1B[";
const COLOUR = new RegExp(`${"\x1B"}\\[[\\d;]*m`);

const SAID = ["said meanwhile", "said in two", "lines", "complained of", "begun, and ended"];

/** Runs it without what the environment of these tests says of colours and terminals. */
async function plain(command: string[], env: Record<string, string>): Promise<string> {
  const [file = "", ...args] = command;
  const options = { extendEnv: false, stripFinalNewline: false, reject: false, all: true } as const;
  const { all } = await execa(file, args, {
    ...options,
    env: { PATH: process.env.PATH ?? "", TERM: "xterm-256color", ...env },
  });
  return all;
}

/** On a terminal of its own, whose size nobody has set. */
function onTerminal(ending: string, env: Record<string, string> = {}): Promise<string> {
  const command = `'${process.execPath}' '${PROGRAM}' ${ending}`;
  return plain(["script", "--quiet", "--return", "--command", command, "/dev/null"], env);
}

function piped(ending: string, env: Record<string, string> = {}): Promise<string> {
  return plain([process.execPath, PROGRAM, ending], env);
}

// Its options are those of util-linux.
describe.runIf(process.platform === "linux")("on a terminal", () => {
  test("lines are drawn at the bottom, and nothing of them is left, and nothing of what was said is lost", async () => {
    const written = await onTerminal("well");
    expect(written).toContain(SUMMARY);
    expect(shownBy(written)).toEqual([...SAID, "not a whole linesaid afterwards", ""]);
  });

  test("a long line is cut to one row, though the terminal does not know its size", async () => {
    const written = await onTerminal("well");
    const [row] = written.slice(written.indexOf("at work on")).split("\x1B");
    expect(row).toMatch(/^at work on something .*…$/);
    expect(row).toHaveLength(79);
  });

  test("after Ctrl-C nothing of them is left", async () => {
    const shown = shownBy(await onTerminal("interrupted"));
    expect(shown).toEqual([...SAID, "not a whole linesaid afterwards", ""]);
  });

  test("an error that nobody expected, and a sudden exit, leave nothing of them", async () => {
    const broken = shownBy(await onTerminal("broken"));
    expect(broken.slice(0, SAID.length)).toEqual(SAID);
    expect(broken.join("\n")).toContain("Error: it can't go on");
    expect(broken.join("\n")).not.toContain(SUMMARY);
    expect(shownBy(await onTerminal("left"))).toEqual([...SAID, ""]);
  });

  test("with colours, but not against the wish of NO_COLOR", async () => {
    expect(await onTerminal("well")).toMatch(COLOUR);
    const colourless = await onTerminal("well", { NO_COLOR: "1" });
    expect(colourless).toContain(SUMMARY);
    expect(colourless).not.toMatch(COLOUR);
  });

  test("the cursor is never hidden", async () => {
    expect(await onTerminal("well")).not.toContain(`${ESCAPE}?`);
  });

  test.each([{ TERM: "dumb" }, { CI: "true" }])("nothing is drawn where %j", async (env) => {
    const lines = (await onTerminal("well", env)).split("\r\n");
    expect(lines).toEqual([...SAID, "not a whole linesaid afterwards", ""]);
  });
});

test("where there is no terminal, there are plain lines and no escapes", async () => {
  const written = await piped("well");
  const lines = [...SAID, "not a whole linesaid afterwards", ""];
  expect(written.split("\n").sort()).toEqual(lines.sort()); // Two pipes have no common order.
});

test.each([
  [{ isTTY: true }, { TERM: "xterm" }, true],
  [{ isTTY: true }, { TERM: "xterm", CI: "false" }, true],
  [{ isTTY: true }, { TERM: "xterm", CI: "1" }, false],
  [{ isTTY: true }, { TERM: "dumb" }, false],
  [{ isTTY: false }, { TERM: "xterm" }, false],
  [{}, { TERM: "xterm" }, false],
])("%j with %j can be redrawn: %s", (stream, env, can) => {
  expect(canRedraw(stream, env)).toBe(can);
});

describe("a stream that is passed through", () => {
  function passed() {
    const written: string[] = [];
    const lines: string[] = [];
    const stream = { write: (chunk: string | Uint8Array) => written.push(String(chunk)) > 0 };
    const stop = passThrough(stream, (text) => lines.push(text));
    return { stream, lines, written, stop };
  }

  test("is handed on in whole lines, also where a character comes in two parts", () => {
    const { stream, lines } = passed();
    const [first, second] = [Buffer.from("é\n").subarray(0, 1), Buffer.from("é\n").subarray(1)];
    stream.write("a ");
    stream.write(first);
    stream.write(second);
    stream.write("b\nc\nd");
    expect(lines).toEqual(["a é\n", "b\nc\n"]);
  });

  test("is written to again in the end, first with what was no whole line", () => {
    const { stream, lines, written, stop } = passed();
    stream.write("half");
    stop();
    stream.write(" and half\n");
    expect([lines, written]).toEqual([[], ["half", " and half\n"]]);
  });

  test("tells whoever waits that it is written", async () => {
    const { stream } = passed();
    const write = stream.write as (chunk: string, done: () => void) => boolean;
    await new Promise<void>((resolve) => write("a\n", resolve));
  });
});

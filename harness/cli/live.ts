import { StatusLines, type Terminal } from "../report/live/status-lines.ts";
import type { Paper } from "../report/text.ts";
import { passThrough } from "./pass-through.ts";
import type { Outlook } from "./run-tests.ts";

/** What changes while something takes its time: some lines, the first of which sums up the rest. */
export interface Changing {
  readonly lines: readonly string[];
}

/** Milliseconds from one look to the next: a second is seen to pass, and nothing is restless. */
const PACE = 500;

const CLEARING_AWAY = "stopping: what has begun is being cleared away ...";

/**
 * Shows at the bottom of a terminal how things go while something takes its time. Whatever anybody
 * prints meanwhile comes to stand above it, and nothing of it is left in the end. Where there is no
 * terminal, what is said is all there is.
 */
export async function live<T>(
  changing: Changing,
  { paper, interruption }: Pick<Outlook, "paper" | "interruption">,
  act: () => Promise<T>,
): Promise<T> {
  if (!canRedraw(process.stdout, process.env)) return act();
  const { signal } = interruption;
  const lines = () => (signal.aborted ? [CLEARING_AWAY] : changing.lines);
  const end = show(lines, paper);
  try {
    return await act();
  } finally {
    end();
  }
}

/** Is somebody there to see it, on something that can move its cursor? */
export function canRedraw({ isTTY }: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  const isServer = env.CI !== undefined && env.CI !== "" && env.CI !== "false";
  return isTTY === true && env.TERM !== "dumb" && !isServer;
}

function show(lines: () => readonly string[], paper: Paper): () => void {
  const { stdout, stderr } = process;
  const dimmed = (line: string, at: number) => (at === 0 ? line : paper.paint("dim", line));
  const status = new StatusLines(terminalOf(stdout), dimmed);
  const draw = () => status.draw(lines());
  const timer = setInterval(draw, PACE).unref();
  const screens = stderr.isTTY ? [stdout, stderr] : [stdout];
  const passed = screens.map((stream) =>
    passThrough(stream, (text) => status.above(text, lines())),
  );
  // A terminal that is closed says so by SIGHUP, too, and that ends everything in order.
  for (const stream of screens) stream.on("error", () => clearInterval(timer));
  // By Ctrl-Z: the shell is about to write where the lines are.
  const stop = () => {
    status.clear();
    process.kill(process.pid, "SIGSTOP");
  };
  const end = () => {
    clearInterval(timer);
    stdout.off("resize", draw);
    process.off("SIGTSTP", stop).off("exit", end);
    status.clear();
    for (const undo of passed) undo();
  };
  stdout.on("resize", draw);
  process.on("SIGTSTP", stop).on("exit", end);
  draw();
  return end;
}

/** One that does not know its size says 0. */
function terminalOf(stream: NodeJS.WriteStream): Terminal {
  const write = stream.write.bind(stream);
  return {
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
    write: (text) => void write(text),
  };
}

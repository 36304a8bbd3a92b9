import { Writable } from "node:stream";
import type { Vitest } from "vitest/node";
import { SetupError } from "../errors.ts";
import type { Failure } from "../report/failure.ts";
import { peakMemory } from "../report/memory.ts";
import { TerminalReporter } from "../report/reporter.ts";
import type { RunReport } from "../report/run-report.ts";
import type { Shard } from "../report/shard.ts";
import type { Paper } from "../report/text.ts";
import { watchEngine } from "./engine-watch.ts";
import type { Interruption } from "./interruption.ts";
import { keepingSignals } from "./keeping-signals.ts";
import { live } from "./live.ts";
import { nothingFellTo, shareOf, sharing, wholeOf } from "./sharing.ts";
import { unfinishedRuns } from "./unfinished-runs.ts";

/** Which tests to run, and on what. */
export interface Plan {
  projects: string[];
  /** Parts of the paths of test files; every file where there is none. */
  files: string[];
  /** A pattern for titles. */
  titles: string | undefined;
  /** Only this part of the files; all where undefined. */
  shard?: Shard | undefined;
  /** The image of the brokers. */
  image: string;
}

export interface TestRun {
  report: RunReport;
  failures: Failure[];
}

export interface Outlook {
  paper: Paper;
  say(line: string): void;
  interruption: Interruption;
}

/**
 * Runs tests in this process and its workers, to their end. Whatever happens, the brokers are
 * removed when it returns or throws.
 *
 * @throws {SetupError} when the machine could not run them, or when they were interrupted.
 */
export async function runTests(plan: Plan, outlook: Outlook): Promise<TestRun> {
  const { paper, say, interruption } = outlook;
  process.env.RABBITMQ_IMAGE = plan.image; // For the workers too.
  const reporter = new TerminalReporter({
    paper,
    // Tests that fail because the run was broken off are no news.
    say: (line) => interruption.reason ?? say(line),
    image: plan.image,
    filtered: plan.titles !== undefined,
    onFailure: (failure) => {
      const reason = setupReason(failure);
      if (reason) interruption.interrupt(reason); // Every other spec would say the same.
    },
  });
  const stopWatching = await watchEngine((reason) => interruption.interrupt(reason));
  try {
    await live(reporter.progress, outlook, () => runVitest(plan, reporter, interruption));
  } finally {
    stopWatching();
  }
  if (interruption.reason) throw withUnfinished(interruption.reason, reporter);
  const { report, failures } = reporter;
  const isOfSplit = (report.shard?.of.files.length ?? 0) > 0; // Nothing may have fallen to it.
  if (report.passed + report.failed + report.skipped === 0 && !isOfSplit)
    throw nothingMatched(plan);
  report.time.wall = performance.now();
  report.memory = peakMemory();
  return { report, failures };
}

async function runVitest(
  plan: Plan,
  reporter: TerminalReporter,
  interruption: Interruption,
): Promise<void> {
  const { projects, files, titles, shard } = plan;
  const share = shard && shareOf(plan, shard);
  if (share) reporter.report.shard = share;
  const { createVitest } = await import("vitest/node"); // Late: it takes a while to load.
  const cancel = (): void => cancelNow(vitest);
  const vitest: Vitest = await keepingSignals(() =>
    createVitest(
      {
        run: true,
        watch: false,
        project: projects,
        // A run that is about to begin forgets that it was cancelled.
        reporters: [
          reporter,
          ...(share ? [sharing(share)] : []),
          { onTestModuleQueued: () => (interruption.reason ? cancel() : undefined) },
        ],
        ...(shard ? { shard: `${shard.index}/${shard.count}`, passWithNoTests: true } : {}),
        ...(titles === undefined ? {} : { testNamePattern: titles }),
      },
      {},
      { stderr: silencedBy(interruption) },
    ),
  );
  interruption.signal.addEventListener("abort", () => {
    process.stderr.write("\nstopping ...\n"); // Brokers that are booting are waited for.
    cancel();
  });
  try {
    if (share) share.of.files = await wholeOf(vitest, files);
    if (!interruption.reason) await vitest.start(files);
  } catch (error) {
    if (!interruption.reason && !nothingFellTo(share, error)) throw asSetupError(error);
  } finally {
    await vitest.close();
  }
}

/** The first time asks the workers to stop; the second does not wait for the specs in hand. */
function cancelNow(vitest: Vitest): void {
  for (const _time of ["ask", "insist"]) {
    vitest.cancelCurrentRun("keyboard-input").catch(() => {}); // It ends, one way or another.
  }
}

/** What fails while everything is being torn down is not worth a word. */
function silencedBy(interruption: Interruption): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      if (!interruption.reason) process.stderr.write(chunk);
      done();
    },
  });
}

/** Errors lose their class on the way from a worker, but not their name. */
function setupReason({ spec, errors }: Failure): SetupError | undefined {
  const [error] = errors;
  if (!error || (spec?.outcome !== "setup" && error.name !== "SetupError")) return undefined;
  return new SetupError(error.message);
}

/** Errors from a global setup: it is loaded by vitest, with classes of its own. */
function asSetupError(error: unknown): unknown {
  if (error instanceof SetupError || (error as Error).name !== "SetupError") return error;
  return new SetupError((error as Error).message, { cause: error });
}

function nothingMatched({ projects, files, titles }: Plan): SetupError {
  const what = [
    ...(files.length > 0 ? [`in ${files.join(", ")}`] : [`in ${projects.join(", ")}`]),
    ...(titles === undefined ? [] : [`with a title that matches ${titles}`]),
  ];
  return new SetupError(`There is no test ${what.join(" ")}.`);
}

function withUnfinished(reason: SetupError, { unfinished }: TerminalReporter): SetupError {
  const runs = unfinishedRuns(unfinished, performance.timeOrigin);
  if (runs.length === 0) return reason;
  const kept = runs.map((path) => `  ${path}`).join("\n");
  return new SetupError(`${reason.message}\nUnfinished runs are kept:\n${kept}`, { cause: reason });
}

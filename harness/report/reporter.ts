import type { SerializedError, UserConsoleLog } from "vitest";
import type { Reporter, TestCase, TestModule, TestSpecification } from "vitest/node";
import { type Failure, plainFailure } from "./failure.ts";
import { SuiteProgress } from "./live/suite-progress.ts";
import { plainTests, straying } from "./plain-tests.ts";
import { countTests, emptyReport, type RunReport } from "./run-report.ts";
import { fileLine, specLine } from "./spec-line.ts";
import { tallyOf } from "./tally.ts";
import type { Paper } from "./text.ts";

export interface ReporterOptions {
  paper: Paper;
  say(line: string): void;
  /** Tests that a name pattern leaves out are not counted as skipped. */
  filtered: boolean;
  /** What the brokers are booted from, for the first line. */
  image: string | undefined;
  /** Told of each failure as it comes; the failures in full come at the end. */
  onFailure?(failure: Failure): void;
}

/** Says how the run goes, line by line, and keeps what is to be said at its end. */
export class TerminalReporter implements Reporter {
  readonly report: RunReport = emptyReport();
  readonly failures: Failure[] = [];
  readonly #options: ReporterOptions;
  /** What there is to see until then. */
  readonly progress = new SuiteProgress();
  readonly #unfinished = new Map<string, string>();

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Titles of the tests that have begun and not ended. */
  get unfinished(): string[] {
    return [...this.#unfinished.values()];
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.progress.plans(specifications);
    const booting = specifications.find(({ project }) => project.config.globalSetup.length > 0);
    if (!booting) return;
    const count = Number(booting.project.vitest.config.maxWorkers);
    this.report.lanes = count;
    const { image = "the default image", say } = this.#options;
    say(`booting ${count} broker${count === 1 ? "" : "s"} from ${image} ...`);
  }

  onTestModuleQueued(module: TestModule): void {
    this.progress.opens(module);
  }

  onTestModuleCollected(module: TestModule): void {
    this.progress.collects(module);
  }

  onTestCaseReady(test: TestCase): void {
    this.progress.begins(test);
    this.#unfinished.set(test.id, test.fullName);
  }

  onTestCaseResult(test: TestCase): void {
    this.progress.ends(test);
    this.#unfinished.delete(test.id);
    const result = test.result();
    const { state, errors } = result;
    const { ackproof: spec } = test.meta();
    if (spec) this.#options.say(specLine(spec, this.#options.paper));
    if (state !== "failed") {
      if (spec) this.report.specs.push(spec);
      return;
    }
    const title = `${test.module.relativeModuleId} > ${test.fullName}`;
    const failure = { title, spec, errors };
    if (spec) this.report.specs.push({ ...spec, failure: plainFailure(failure) });
    this.#fail(failure);
  }

  onTestModuleEnd(module: TestModule): void {
    this.progress.closes(module);
    const { relativeModuleId: file, project } = module;
    const { filtered, image, paper, say } = this.#options;
    const { all, plain } = tallyOf(module, filtered);
    countTests(this.report, all);
    this.report.tests.push(...plainTests(module, filtered, image));
    for (const error of module.errors()) {
      this.#fail({ title: file, spec: undefined, errors: [error] });
    }
    if (plain.passed + plain.failed + plain.skipped === 0) return;
    const time = module.diagnostic().duration;
    say(fileLine({ file, project: project.name, time, ...plain }, paper));
  }

  onUserConsoleLog({ content }: UserConsoleLog): void {
    this.#options.say(content.trimEnd());
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    // Projects may share their brokers, and with them the time of one boot.
    const boots = new Set(modules.map(({ project }) => project.getProvidedContext().laneBoot ?? 0));
    this.report.time.boot = [...boots].reduce((sum, boot) => sum + boot, 0);
    for (const error of unhandled) {
      this.#fail({ title: "outside of any test", spec: undefined, errors: [error] });
      this.report.tests.push(straying(error));
      this.report.failed += 1;
    }
  }

  #fail(failure: Failure): void {
    this.failures.push(failure);
    this.#options.onFailure?.(failure);
  }
}

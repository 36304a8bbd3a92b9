import type { SerializedError } from "vitest";
import type { TestModule } from "vitest/node";
import { closing } from "../report/closing.ts";
import { failureText } from "../report/failure.ts";
import { peakMemory } from "../report/memory.ts";
import { TerminalReporter } from "../report/reporter.ts";
import { paperOf } from "../report/text.ts";
import { say } from "./say.ts";
import { keepSuite } from "./suite-report.ts";

/**
 * For who calls vitest directly: `vitest --merge-reports --reporter=./harness/cli/merged-blobs.ts`
 * says of vitest's own blob reports what a run of the suite says at its end, and keeps it.
 */
export default class MergedBlobs extends TerminalReporter {
  constructor() {
    // What each spec found was said when it was run.
    super({ paper: paperOf(process.stdout), say: () => {}, filtered: false, image: undefined });
  }

  override onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
  ): void {
    super.onTestRunEnd(modules, unhandled);
    const paper = paperOf(process.stdout);
    const { report, failures } = this;
    report.time.wall = performance.now();
    report.memory = peakMemory();
    for (const failure of failures) say(`\n${failureText(failure, paper)}`);
    say(closing(report, paper));
    for (const line of keepSuite(report)) say(line);
  }
}

import { join, relative, sep } from "node:path";
import type { CliOptions, TestCase } from "vitest/node";
import { SetupError } from "../errors.ts";
import type { SpecDeclaration } from "../report/result.ts";
import { keepingSignals } from "./keeping-signals.ts";

const ROOT = join(import.meta.dirname, "../..");

const COLLECTING = {
  config: false, // The project's own would boot brokers.
  root: ROOT,
  watch: false,
  include: ["tests/{guarantees,disasters,findings}/**/*.spec.ts"],
  includeTaskLocation: true,
  maxWorkers: 1,
  isolate: false, // What all of them import is loaded once.
  reporters: [],
} satisfies CliOptions;

/**
 * What the spec files declare, in their order. The files are loaded, but nothing is run: there
 * need not be a container engine.
 *
 * @param files parts of their paths; every spec file where there is none.
 * @param titles a pattern for titles.
 * @throws {SetupError} where a file can't be loaded.
 */
export async function collectSpecs(
  files: readonly string[] = [],
  titles?: string,
): Promise<SpecDeclaration[]> {
  const { createVitest } = await import("vitest/node"); // Late: it takes a while to load.
  const vitest = await keepingSignals(() => createVitest(COLLECTING));
  try {
    const { testModules, unhandledErrors } = await vitest.collect([...files], {
      staticParse: false, // Promises are made in loops, too.
    });
    const [error] = [...unhandledErrors, ...testModules.flatMap((module) => module.errors())];
    if (error) throw new SetupError(`The specs can't be loaded: ${(error as Error).message}`);
    const wanted = new RegExp(titles ?? "");
    return testModules
      .toSorted((a, b) => a.moduleId.localeCompare(b.moduleId))
      .flatMap((module) => [...module.children.allTests()])
      .filter(({ fullName }) => wanted.test(fullName))
      .flatMap((test) => declarationOf(test) ?? []);
  } finally {
    await vitest.close();
  }
}

/** A test that is no spec declares nothing. */
function declarationOf(test: TestCase): SpecDeclaration | undefined {
  const { spec } = test.meta();
  const file = relative(ROOT, test.module.moduleId).split(sep).join("/");
  const family = /([^/]+)\.spec\.ts$/.exec(file)?.[1];
  if (spec === undefined || family === undefined) return undefined;
  return { ...spec, family, file, line: test.location?.line ?? 1 };
}

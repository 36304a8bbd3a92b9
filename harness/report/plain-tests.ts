import type { SerializedError } from "vitest";
import type { TestCase, TestModule } from "vitest/node";
import { plainFailure } from "./failure.ts";

/** A test that is no experiment, or a file of tests that could not be loaded. */
export interface PlainTest {
  /** From the project's root; empty of an error outside of any test. */
  file: string;
  /** Where the failure is told, or the test stands; absent where nobody knows. */
  line?: number;
  name: string;
  project: string;
  /** The image of the brokers that it was run on; absent where there are none. */
  image?: string;
  outcome: "passed" | "failed" | "skipped";
  milliseconds: number;
  /** Why it was skipped, where it says so. */
  reason?: string;
  /** What it failed with, in full, in lines. */
  failure?: string;
}

/** The name of what fails with a file as a whole: it can't be loaded, or a hook of it throws. */
const FILE_ITSELF = "the file itself";

/**
 * The tests of a file that are no specs, as `tallyOf` counts them.
 *
 * @param filtered whether tests were left out by their name: those are no results.
 */
export function plainTests(module: TestModule, filtered: boolean, image?: string): PlainTest[] {
  const { relativeModuleId: file, project } = module;
  const booted = (project.config?.globalSetup ?? []).length > 0;
  const about = { file, project: project.name, ...(booted && image ? { image } : {}) };
  const tests = [...module.children.allTests()]
    .filter((test) => test.meta().ackproof === undefined)
    .flatMap((test) => endOf(test, filtered).map((end) => ({ ...about, ...end })));
  const errors = module.errors();
  if (errors.length === 0) return tests;
  return [
    ...tests,
    { ...about, ...failed(FILE_ITSELF, file, errors, module.moduleId), milliseconds: 0 },
  ];
}

/** An error that belongs to no test, such as a promise that nobody awaited. */
export function straying(error: SerializedError): PlainTest {
  const name = "outside of any test";
  return { file: "", project: "", milliseconds: 0, ...failed(name, name, [error]) };
}

type End = Omit<PlainTest, "file" | "project" | "image">;

function endOf(test: TestCase, filtered: boolean): End[] {
  const { fullName: name, module, location } = test;
  const result = test.result();
  if (result.state === "pending") return [];
  const milliseconds = test.diagnostic()?.duration ?? 0;
  const stands = location ? { line: location.line } : {};
  if (result.state === "failed") {
    const title = `${module.relativeModuleId} > ${name}`;
    const told = failed(name, title, result.errors, module.moduleId);
    return [{ ...stands, ...told, milliseconds }];
  }
  if (result.state === "passed") return [{ name, ...stands, outcome: "passed", milliseconds }];
  const { note } = result;
  if (filtered && note === undefined) return [];
  const reason = note === undefined ? {} : { reason: note };
  return [{ name, ...stands, outcome: "skipped", milliseconds, ...reason }];
}

/** @param path the file of which a line is wanted. */
function failed(
  name: string,
  title: string,
  errors: readonly SerializedError[],
  path?: string,
): Omit<End, "milliseconds"> {
  const frames = errors.flatMap(({ stacks = [] }) => stacks);
  const line = frames.find(({ file }) => file === path)?.line;
  return {
    name,
    outcome: "failed",
    ...(line === undefined ? {} : { line }),
    failure: plainFailure({ title, spec: undefined, errors }),
  };
}

import { defineConfig } from "vitest/config";

/** Specs that run side by side, and so brokers that are up at a time. */
const LANES = 2;

/** What is built on the harness: whole audits, explorations and soaks, which take their time. */
const TOOLS = [
  "tests/harness/{audit,cli,explore,soak,subjects}/**/*.spec.ts",
  "tests/harness/package.spec.ts",
  "tests/exploration/**/*.spec.ts",
];

/** An audit of each subject that is shipped, and of what is not on one machine: minutes of them. */
const AUDITS = [
  "tests/harness/audit/{cluster-by-url,mutants,subjects}.spec.ts",
  "tests/harness/cli/shards.spec.ts",
];

/** What a page does in a real browser. */
const IN_BROWSER = ["tests/**/in-browser/*.test.ts"];

export default defineConfig({
  test: {
    includeTaskLocation: true, // The document of the guarantees links each spec's line.
    retry: 0, // A flaky spec is a wrong spec.
    // An audit that a test makes is no news of the job that the test is run in.
    env: { GITHUB_ACTIONS: "", GITHUB_STEP_SUMMARY: "" },
    maxWorkers: LANES,
    hookTimeout: 120_000, // A broker, or a dozen of programs, are started in some.
    pool: "forks",
    // Half the memory at the same speed: V8 collects garbage early instead of letting it pile up.
    execArgv: ["--max-semi-space-size=2", "--optimize-for-size"],
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["tests/**/*.test.ts"], exclude: IN_BROWSER },
      },
      {
        extends: true,
        test: { name: "browser", include: IN_BROWSER, testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: "guarantees",
          include: ["tests/{guarantees,findings}/**/*.spec.ts"],
          globalSetup: ["harness/global-setup.ts"],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "disasters",
          include: ["tests/disasters/**/*.spec.ts"],
          globalSetup: ["harness/global-setup.ts"],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "harness",
          include: ["tests/harness/**/*.spec.ts"],
          exclude: [...TOOLS, ...AUDITS],
          globalSetup: ["harness/global-setup.ts"],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "tools",
          include: TOOLS,
          exclude: AUDITS,
          globalSetup: ["harness/global-setup.ts"],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "audits",
          include: AUDITS,
          globalSetup: ["harness/global-setup.ts"],
          testTimeout: 120_000,
        },
      },
    ],
  },
});

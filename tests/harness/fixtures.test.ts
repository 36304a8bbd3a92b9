/**
 * The subjects under test are ordinary programs. They know the subject contract and nothing of the
 * harness, and a mutant has exactly one fault, planted where a reader finds it.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const fixtures = join(import.meta.dirname, "../../fixtures");

const mutants = [
  ...globSync("subjects/mutants/*.ts", { cwd: fixtures }).sort(),
  "producers/closes-too-early.ts",
  "producers/ignores-confirms.ts",
  "producers/retries-blindly.ts",
  "producers/transient.ts",
  "workers/acks-before-working.ts",
  "workers/acks-twice.ts",
  "workers/automatic-acks.ts",
  "workers/never-acks.ts",
];

/** What a RabbitMQ user's own program would have installed. */
const packages = [
  "@cloudamqp/amqp-client",
  "amqp-connection-manager",
  "amqplib",
  "p-retry",
  "rabbitmq-client",
];

const programs = globSync("{workers,producers,subjects}/**/*.ts", { cwd: fixtures }).sort();
const sources = globSync("**/*.{ts,js,mjs,cjs}", { cwd: fixtures }).sort();
const source = (file: string) => readFileSync(join(fixtures, file), "utf8");

function imports(file: string): string[] {
  const specifier = /\b(?:from|import|require)\s*\(?\s*(["'`])(.+?)\1/g;
  return [...source(file).matchAll(specifier)].map((match) => match[2] ?? "");
}

/** Whether an import stays among the fixtures, Node's own modules and the user's packages. */
function isOrdinary(file: string, specifier: string): boolean {
  if (!specifier.startsWith(".")) {
    return specifier.startsWith("node:") || packages.includes(specifier);
  }
  return sources.includes(join(dirname(file), specifier));
}

test("every mutant is among the programs", () => {
  expect(programs).toEqual(expect.arrayContaining(mutants));
});

test.each(mutants)("%s plants exactly one fault", (file) => {
  expect(source(file).match(/\/\/ the fault: \S/g)).toHaveLength(1);
});

test("no other program plants one", () => {
  const correct = programs.filter((file) => !mutants.includes(file));
  expect(correct).toEqual(expect.arrayContaining(["producers/producer.ts", "workers/worker.ts"]));
  expect(correct.filter((file) => /the fault/i.test(source(file)))).toEqual([]);
});

test("they import only what an ordinary program would", () => {
  const strange = sources.flatMap((file) =>
    imports(file)
      .filter((specifier) => !isOrdinary(file, specifier))
      .map((specifier) => `${file} imports ${specifier}`),
  );
  expect(strange).toEqual([]);
});

test("they have no clock and no dice of their own", () => {
  const clocks = /\bset(Timeout|Interval)\b|\bDate\b|\bMath\.random\b/;
  expect(sources.filter((file) => clocks.test(source(file)))).toEqual([]);
});

test("they say in their first lines what they are", () => {
  expect(sources.filter((file) => !source(file).startsWith("/**"))).toEqual([]);
});

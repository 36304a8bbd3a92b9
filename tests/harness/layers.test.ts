/** Imports point down only. The table is the design's picture, layer by layer. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "../..");

/** What each layer of the harness may import besides itself, packages and Node's own modules. */
const BELOW = {
  "errors.ts": [],
  "until.ts": [],
  "command-line.ts": [],
  amqp: [],
  history: ["errors.ts", "until.ts"],
  // A saved run is judged again where nothing runs.
  ledger: ["history"],
  link: ["amqp", "history", "until.ts"],
  reaper: ["history", "errors.ts", "until.ts"],
  sink: ["history", "errors.ts", "until.ts", "reaper"],
  workers: ["history", "errors.ts", "until.ts", "reaper"],
  broker: ["history", "errors.ts", "until.ts", "command-line.ts", "reaper"],
  // A fault knows what it strikes, and never the workload.
  faults: ["broker", "link", "sink", "workers", "history", "errors.ts", "until.ts"],
  scenario: [
    "faults",
    "broker",
    "link",
    "sink",
    "workers",
    "reaper",
    "ledger",
    "history",
    "errors.ts",
    "until.ts",
    "command-line.ts",
  ],
  // The same faults and the same account, against anybody's worker.
  audit: [
    "scenario",
    "report",
    "faults",
    "broker",
    "link",
    "sink",
    "reaper",
    "ledger",
    "history",
    "errors.ts",
    "until.ts",
    "command-line.ts",
  ],
  // Workloads and faults at random, judged by what the documentation permits.
  explore: [
    "scenario",
    "report",
    "broker",
    "ledger",
    "history",
    "errors.ts",
    "until.ts",
    "command-line.ts",
  ],
  // The same faults and the same account, at full speed.
  soak: [
    "scenario",
    "report",
    "faults",
    "broker",
    "link",
    "workers",
    "ledger",
    "history",
    "errors.ts",
    "until.ts",
    "command-line.ts",
  ],
  // It tells what is found, and runs nothing.
  report: ["ledger", "history", "errors.ts", "command-line.ts"],
  "vitest.ts": [
    "scenario",
    "report",
    "broker",
    "history",
    "errors.ts",
    "until.ts",
    "command-line.ts",
  ],
  "global-setup.ts": ["scenario", "broker"],
  // For tests of somebody's own workers: the rig as a fixture, and what `expect` says of it.
  testing: ["scenario", "report", "broker", "ledger", "history", "errors.ts"],
  "testing.ts": ["testing", "scenario", "vitest.ts"],
  // `setup` prepares what brokers run on, and that needs no experiment.
  cli: [
    "audit",
    "explore",
    "soak",
    "scenario",
    "report",
    "ledger",
    "broker",
    "history",
    "errors.ts",
    "command-line.ts",
  ],
  // What the package offers to programs.
  "index.ts": ["audit", "report", "ledger", "history", "errors.ts"],
} satisfies Record<string, string[]>;

const sources = ["harness", "fixtures"].flatMap((folder) =>
  globSync("**/*.{ts,tsx}", { cwd: join(ROOT, folder) }).map((file) => join(folder, file)),
);

/** Every import of a source, static or not, by the path of what it imports. */
const imports = sources.flatMap((file) => {
  const text = readFileSync(join(ROOT, file), "utf8");
  const specifiers = text.matchAll(/(?<![.\w])(?:from|import)\s*\(?\s*["']([^"']+)["']/g);
  return [...specifiers].map(([, specifier = ""]) => ({
    file,
    target: specifier.startsWith(".") ? join(dirname(file), specifier) : specifier,
    isOwn: specifier.startsWith("."),
  }));
});

/** The folder of the harness that a file is in, or its own name at the top; null elsewhere. */
function layerOf(file: string): string | null {
  const [top, layer = ""] = file.split(sep);
  return top === "harness" ? layer : null;
}

/** The report's page is bundled with all that it imports, and so is installed with it. */
function isBundled(file: string): boolean {
  return dirname(file) === join("harness", "report", "html", "page");
}

function mayImport(from: string, to: string | null): boolean {
  if (to === null) return false;
  const below: readonly string[] = BELOW[from as keyof typeof BELOW] ?? [];
  return to === from || below.includes(to);
}

const told = ({ file, target }: { file: string; target: string }) => `${file} imports ${target}`;

test("there is something to look at", () => {
  expect(imports.filter(({ isOwn }) => isOwn).length).toBeGreaterThan(100);
});

test("every layer of the harness is in the table, and no other", () => {
  const layers = new Set(sources.map(layerOf).filter((layer) => layer !== null));
  expect([...layers].sort()).toEqual(Object.keys(BELOW).sort());
});

test("the table itself points down only", () => {
  const layers = Object.entries<string[]>(BELOW);
  const above = (layer: string, all: string[]) =>
    all.filter((other) => (BELOW[other as keyof typeof BELOW] as string[]).includes(layer));
  expect(layers.flatMap(([layer, below]) => above(layer, below))).toEqual([]);
});

test("imports within the harness point down", () => {
  const upward = imports.filter(({ file, target, isOwn }) => {
    const layer = layerOf(file);
    return layer !== null && isOwn && !mayImport(layer, layerOf(target));
  });
  expect(upward.map(told)).toEqual([]);
});

test("the wire and the ledger are pure: they import no package, nor Node's own modules", () => {
  const pure: (string | null)[] = ["amqp", "ledger"];
  const impure = imports.filter(({ file, isOwn }) => pure.includes(layerOf(file)) && !isOwn);
  expect(impure.map(told)).toEqual([]);
});

test("the harness imports no package that is not installed with it", () => {
  const { name, dependencies, peerDependencies } = manifest;
  const there = [name, ...Object.keys({ ...dependencies, ...peerDependencies })];
  const missing = imports.filter(({ file, target, isOwn }) => {
    if (isOwn || isBundled(file)) return false;
    // A text may speak of imports, too. Neither that nor `node:` is the name of a package.
    const [wanted] = /^(@[a-z][\w.-]*\/)?[a-z][\w.-]*(?=\/|$)/.exec(target) ?? [];
    return layerOf(file) !== null && wanted !== undefined && !there.includes(wanted);
  });
  expect(missing.map(told)).toEqual([]);
});

test("fixtures import nothing from the harness", () => {
  const fixtures = imports.filter(({ file }) => file.startsWith(`fixtures${sep}`));
  expect(fixtures.length).toBeGreaterThan(0);
  const outside = fixtures.filter(
    ({ file, target, isOwn }) => isOwn && relative(dirname(dirname(file)), target).startsWith(".."),
  );
  expect(outside.map(told)).toEqual([]);
});

/** The document in the repository is of the specs as they are now. No broker is needed to tell. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { collectSpecs } from "../../../harness/cli/collect-specs.ts";
import { conclude } from "../../../harness/cli/conclude.ts";
import { Interruption } from "../../../harness/cli/interruption.ts";
import { DOCUMENT, presentDocument } from "../../../harness/cli/proven.ts";
import { documentOf } from "../../../harness/cli/write-document.ts";
import { outlineOf, WRITE_COMMAND } from "../../../harness/report/document.ts";
import { anchorOf } from "../../../harness/report/document-markdown.ts";
import type { SpecDeclaration } from "../../../harness/report/result.ts";
import { emptyReport } from "../../../harness/report/run-report.ts";
import { aSpec, onVersion, page } from "./specs.ts";

const MOST_RANKED = 15;
const REMEDY =
  "tests/GUARANTEES.md is not of these specs: a promise was added, removed, reworded or moved. " +
  `Write it again: ${WRITE_COMMAND}`;

let declared: SpecDeclaration[];
/** A promise on both types of queue is declared twice. */
let promises: SpecDeclaration[];
beforeAll(async () => {
  declared = await collectSpecs();
  promises = declared.filter(
    ({ promise, file }, index) =>
      declared.findIndex((other) => other.promise === promise && other.file === file) === index,
  );
}, 60_000);

const document = presentDocument();

test("it has every promise as the specs declare it, and no other", () => {
  const asIfRun = declared.map((spec) => ({ ...aSpec(), ...spec }));
  const now = outlineOf(documentOf(asIfRun, "2026-01-01"));
  const then = outlineOf(document);
  const stale = then.filter((line) => !now.includes(line));
  const missing = now.filter((line) => !then.includes(line));
  expect({ stale, missing }, REMEDY).toEqual({ stale: [], missing: [] });
  expect(then, REMEDY).toEqual(now);
});

test("its links within the repository lead somewhere", () => {
  const targets = [...document.matchAll(/\]\(([^)#:]+)(?:#L\d+)?\)/g)].map(([, path]) => path);
  expect(targets.length).toBeGreaterThan(0);
  const home = dirname(DOCUMENT);
  expect(targets.filter((path) => !existsSync(join(home, path ?? "")))).toEqual([]);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test("a run on a version that it was not proven on says so at its end", () => {
  // This may itself be a part of a run, which ends quietly and leaves its results in a file.
  for (const name of ["ACKPROOF_PART", "ACKPROOF_RESULTS"]) vi.stubEnv(name, undefined);
  const lines: string[] = [];
  const outlook = {
    paper: page(),
    say: (line: string) => lines.push(...line.split("\n")),
    interruption: new Interruption(),
  };
  const report = { ...emptyReport(), specs: onVersion("9.9.9") };
  conclude({ report, failures: [] }, outlook);
  expect(lines).toContainEqual(expect.stringMatching(/^unproven .*GUARANTEES\.md was proven on/));
});

describe("every promise", () => {
  test("is declared by a call in its line", () => {
    expect(promises.length).toBeGreaterThan(20);
    const astray = promises.filter(({ file, line }) => {
      const text = readFileSync(join(dirname(DOCUMENT), "..", file), "utf8").split("\n")[line - 1];
      return !/^\s*\w+\(/.test(text ?? "");
    });
    expect(astray).toEqual([]);
  });

  test("is told from all others by its anchor", () => {
    const anchors = promises.map(({ promise }) => anchorOf(promise));
    expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
  });

  test("names its documentation, or is observed only", () => {
    const unsaid = promises.filter(
      ({ docs }) => docs !== "observed" && !/^https:\/\/\S+\.\S+\/\S+$/.test(docs),
    );
    expect(unsaid.map(({ promise, docs }) => ({ promise, docs }))).toEqual([]);
  });
});

test("at most fifteen promises are ranked, each with a rank of its own", () => {
  const byRank = Map.groupBy(
    promises.filter(({ surprise }) => surprise !== undefined),
    ({ surprise = 0 }) => surprise,
  );
  const wrong = [...byRank].filter(
    ([rank, { length }]) => length > 1 || !Number.isInteger(rank) || rank < 1 || rank > MOST_RANKED,
  );
  expect(wrong.map(([rank, group]) => [rank, ...group.map(({ promise }) => promise)])).toEqual([]);
});

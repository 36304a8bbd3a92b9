import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { ACCOUNT_LINES } from "../../../harness/ledger/account.ts";
import { GRAVEST_FIRST } from "../../../harness/report/audit-gravity.ts";
import { AUDIT_SCHEMA, AUDIT_VERSION, auditJson } from "../../../harness/report/audit-json.ts";
import type { AuditResult } from "../../../harness/report/audit-result.ts";
import { anAudit, aTrial, auditOfHistories, brokenAudit, hostileAudit } from "./audit-results.ts";

const file = new URL("../../../harness/report/audit-schema.json", import.meta.url);
const schema = JSON.parse(readFileSync(file, "utf8"));
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

const saved = JSON.parse(readFileSync(new URL("audit-saved.json", import.meta.url), "utf8"));

const HISTORIES = [
  ...["completed", "lost", "duplicated", "remaining", "parked", "discarded", "recovered"],
  ...["unexpected", "drained-yet-acked", "cut-out-of-the-middle"],
];

/** What the schema has against a document; empty where it is valid. */
function complaints(document: unknown): string[] {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe("the schema", () => {
  test.each<[string, () => AuditResult | Promise<AuditResult>]>([
    ["what held", anAudit],
    ["what is broken", brokenAudit],
    ["what was done on purpose", () => anAudit({ trials: [aTrial({ adversity: "poison-task" })] })],
    ["what is hostile", hostileAudit],
    ["what the ledger makes of saved histories", () => auditOfHistories(HISTORIES)],
  ])("holds for %s", async (_name, make) => {
    expect(complaints(JSON.parse(auditJson(await make())))).toEqual([]);
  });

  test("holds for the saved result of a real audit, and that says it all", () => {
    expect(complaints(saved)).toEqual([]);
    const { $schema: _, version: __, ...result } = saved;
    expect(JSON.parse(auditJson(result))).toEqual(saved);
  });

  test("complains of what is missing, unknown, or of another version", () => {
    const { outcome: _, ...rest } = JSON.parse(auditJson(anAudit()));
    expect(complaints({ ...rest, surprise: 1, version: 2 })).toEqual([
      " must have required property 'outcome'",
      " must NOT have additional properties",
      "/version must be equal to constant",
    ]);
  });

  test("knows every kind of conviction, and every line of an account", () => {
    expect(schema.$defs.kind.enum).toEqual(GRAVEST_FIRST);
    expect(Object.keys(schema.$defs.account.properties).sort()).toEqual([...ACCOUNT_LINES].sort());
  });

  test("is the one that a result names", () => {
    expect([schema.$id, AUDIT_SCHEMA]).toEqual([
      AUDIT_SCHEMA,
      `urn:ackproof:audit:${AUDIT_VERSION}`,
    ]);
  });
});

test("nothing of a result is left out, and nothing changed", async () => {
  for (const result of [brokenAudit(), hostileAudit(), await auditOfHistories(HISTORIES)]) {
    const { $schema, version, ...document } = JSON.parse(auditJson(result));
    expect(document).toEqual(JSON.parse(JSON.stringify(result)));
    expect([$schema, version]).toEqual([AUDIT_SCHEMA, AUDIT_VERSION]);
  }
});

test("the order of its keys does not depend on the order in which they were set", () => {
  const result = brokenAudit();
  expect(auditJson(reversed(result) as AuditResult)).toBe(auditJson(result));
});

test("its text does nothing to a terminal", () => {
  expect(auditJson(hostileAudit()).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
});

/** The same value, its keys set in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, part]) => [key, reversed(part)]));
}

test("notes are there for programs", () => {
  const notes = ["1 process still ran."];
  expect(JSON.parse(auditJson(anAudit({ notes })))).toMatchObject({ notes });
});

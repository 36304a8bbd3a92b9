import { readFileSync, writeFileSync } from "node:fs";
import type { Event } from "../../../harness/history/event.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import type { Verdict } from "../../../harness/ledger/verdict.ts";
import { SAVED } from "./stories.ts";

/**
 * Run as a program, this saves the stories as histories with their verdicts. What it changes in
 * `fixtures/histories` is what a change to the ledger does to runs on disk: read the difference.
 */
const FOLDER = new URL("../../../fixtures/histories/", import.meta.url);

export function readHistory(name: string): Event[] {
  const text = readFileSync(new URL(`${name}.ndjson`, FOLDER), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

export function readVerdict(name: string): Verdict {
  return JSON.parse(readFileSync(new URL(`${name}.verdict.json`, FOLDER), "utf8"));
}

function save(name: string, events: Event[]): void {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  writeFileSync(new URL(`${name}.ndjson`, FOLDER), lines);
  const verdict = JSON.stringify(judge(events), null, 2);
  writeFileSync(new URL(`${name}.verdict.json`, FOLDER), `${verdict}\n`);
}

if (import.meta.main) {
  for (const [name, told] of Object.entries(SAVED)) save(name, told().events);
}

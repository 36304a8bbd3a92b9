import { existsSync } from "node:fs";
import { join } from "node:path";
import { FAULT_NAMES } from "../../../history/event.ts";
import type { ExperimentView } from "../data.ts";
import { experimentView, type Found, type Limits } from "../view/experiment.ts";
import { manifestFacts } from "../view/facts.ts";
import { type Failure, failureFrom } from "../view/failure.ts";
import { logView } from "../view/log.ts";
import { type Judged, textIn, verdictIn } from "../view/plain.ts";
import { type OnGap, readEvents } from "./events.ts";
import { readJson, readLogs } from "./files.ts";

/** What somebody else knows of an experiment besides its directory. */
export type Known = Partial<Pick<Found, "title" | "outcome" | "reasons" | "account">>;

/** Reads one experiment's directory: whatever is there of it. */
export function readExperiment(
  directory: string,
  known: Known,
  limits: Limits,
  onGap: OnGap,
): ExperimentView {
  const told = new Set<string>();
  const once: OnGap = (sentence) => {
    if (!told.has(sentence)) onGap(sentence); // The history is read more than once.
    told.add(sentence);
  };
  const manifest = readJson(directory, "manifest.json", once) ?? {};
  const found: Found = {
    title: textIn(manifest.title) ?? "an experiment without a name",
    facts: manifestFacts(manifest),
    verdict: savedVerdict(directory, once),
    onGap: once,
    ...faultOf(manifest),
    ...failureOf(directory, once),
    ...known,
    events: () => eventsOf(directory, once),
    logs: (span) => logsOf(directory, manifest, span, once),
  };
  return experimentView(found, limits);
}

function* eventsOf(directory: string, onGap: OnGap) {
  const file = join(directory, "history.ndjson");
  if (existsSync(file)) yield* readEvents(file, onGap);
  else onGap("There is no history.ndjson: no message can be told.");
}

/** An unfinished run has none; it is judged again as far as it goes. */
function savedVerdict(directory: string, onGap: OnGap): Judged | undefined {
  const note: OnGap = (sentence) => onGap(`${sentence} The history was judged again.`);
  const saved = readJson(directory, "verdict.json", note);
  const verdict = saved && verdictIn(saved);
  if (saved && !verdict) note("verdict.json is no verdict.");
  return verdict;
}

function failureOf(directory: string, onGap: OnGap): Failure | undefined {
  if (!existsSync(join(directory, "failure.json"))) return undefined; // Only a spec has one.
  return failureFrom(readJson(directory, "failure.json", onGap) ?? {});
}

function logsOf(
  directory: string,
  { startedAt }: Record<string, unknown>,
  span: readonly [number, number],
  onGap: OnGap,
) {
  const began = Date.parse(textIn(startedAt) ?? "");
  return readLogs(directory, onGap).map(({ name, text }) => logView(name, text, began, span));
}

function faultOf({ fault }: Record<string, unknown>): Pick<Found, "fault"> {
  const known: readonly unknown[] = ["none", ...FAULT_NAMES];
  return known.includes(fault) ? { fault: fault as string } : {};
}

import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { commandLine } from "../command-line.ts";
import { SetupError } from "../errors.ts";
import { type Event, FAULT_NAMES, type FaultName } from "../history/event.ts";
import { readHistory } from "../history/file.ts";
import type { Fate } from "../ledger/fates.ts";
import { Ledger } from "../ledger/ledger.ts";
import { describeLife } from "../ledger/life.ts";
import { accountInWords } from "../report/account-words.ts";
import { availabilityLines } from "../report/availability-words.ts";
import { paintOutcome } from "../report/outcome.ts";
import type { Paper } from "../report/text.ts";
import type { Manifest } from "../scenario/run-directory.ts";
import { judgeSoak } from "../soak/judgement.ts";
import { type ExitCode, exitCodeOf, worstOf } from "./exit-code.ts";
import { runNamed } from "./run-named.ts";
import type { Outlook } from "./run-tests.ts";

const USAGE = `Usage: ${commandLine("judge", "<run directory>")}
Judges a saved run again, from its history alone, by the ledger's own standard: nothing lost,
doubled or left. The limit of a guarantee breaks by that standard, as it should.
Of an audit's directory it judges each trial, but for the self-checks, whose loss was planted. What
an audit's settings allow, such as --duplicates allow, is not allowed here.

Exit code: 0 held, 1 broken, 2 inconclusive, 3 the directory holds no whole run. Of an audit, the
worst.`;

const LIVES_TOLD = 5;

type Voice = Pick<Outlook, "paper" | "say">;

export async function judgeAgain(args: string[], { paper, say }: Outlook): Promise<ExitCode> {
  if (args.includes("--help") || args.includes("-h")) {
    say(USAGE);
    return 0;
  }
  const [name, ...others] = args;
  if (name === undefined || others.length > 0) throw new SetupError(USAGE);
  const directory = runNamed(name);
  const outlook = { paper, say };
  if (!existsSync(join(directory, "audit.json"))) return judgeRun(directory, outlook);
  const codes: ExitCode[] = [];
  for (const trial of trialsOf(directory)) {
    if (codes.length > 0) say("");
    codes.push(await judgeTrial(trial, outlook));
  }
  return worstOf(codes);
}

/** One that was cut off does not keep the others from being judged. */
async function judgeTrial(directory: string, outlook: Voice): Promise<ExitCode> {
  try {
    return await judgeRun(directory, outlook);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    outlook.say(`${directory} can't be judged. ${error.message}`);
    return error.exitCode;
  }
}

/**
 * The trials of an audit that left a history, each with a directory of its own.
 *
 * @throws {SetupError} where there is none.
 */
function trialsOf(audit: string): string[] {
  const folder = join(audit, "trials");
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  // What a self-check lost or doubled was planted: it is no fault of the worker's.
  const trials = names.filter((name) => !/^\d+-self-check-/.test(name));
  if (trials.length > 0) return trials.map((name) => join(folder, name));
  throw new SetupError(`The audit in ${audit} has no trials to judge: it ended before the first.`);
}

async function judgeRun(directory: string, { paper, say }: Voice): Promise<ExitCode> {
  const manifest = await readManifest(directory);
  const ledger = await replay(directory);
  // A soak has a standard of its own: what is delivered again may be done again.
  const isSoak = manifest.soak !== undefined;
  const verdict = isSoak ? judgeSoak(ledger) : ledger.verdict({ fault: manifest.fault });
  const { outcome, reasons, account, fates } = verdict;
  say(heading(manifest, paper));
  say(`\n${accountInWords(account)}`);
  for (const line of availabilityLines(verdict.availability)) say(line);
  say(`${paintOutcome(outcome, outcome.toUpperCase(), paper)}`);
  for (const reason of reasons) say(`  ${reason}`);
  // Of a run that proves nothing, fates are no more than how it looks.
  const verb = outcome === "inconclusive" ? "seems" : "is";
  for (const line of livesOf(ledger, fates, verb)) say(line);
  return exitCodeOf(outcome);
}

interface Run extends Manifest {
  fault: FaultName | "none";
}

async function readManifest(directory: string): Promise<Run> {
  const file = join(directory, "manifest.json");
  const manifest = parse(file, await read(file));
  const { title, fault, broker } = manifest;
  if (typeof title !== "string" || typeof fault !== "string" || !broker) {
    throw new SetupError(`${file} is not the manifest of a run: it has no title, fault or broker.`);
  }
  if (!["none", ...FAULT_NAMES].includes(fault)) {
    throw new SetupError(`${file} names an unknown fault, "${fault}".`);
  }
  return manifest as Run;
}

function parse(file: string, text: string): Partial<Manifest> {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new SetupError(`${file} is not JSON of a run: it was cut off, or something else wrote it.`);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new SetupError(`This is no run directory: ${(cause as Error).message}`, { cause });
  }
}

async function replay(directory: string): Promise<Ledger> {
  const ledger = new Ledger();
  for (const event of await events(join(directory, "history.ndjson"))) ledger.add(event);
  return ledger;
}

async function events(file: string): Promise<Event[]> {
  await read(file);
  const history = await readHistory(file).catch((cause) => {
    throw new SetupError((cause as Error).message, { cause });
  });
  if (history.length === 0)
    throw new SetupError(`${file} is empty: the run ended before it began.`);
  const foreign = history.findIndex((event) => !isEvent(event));
  if (foreign >= 0) throw new SetupError(`${file}:${foreign + 1} is not an event of a history.`);
  return history;
}

function isEvent(event: Partial<Event> | null): boolean {
  return (
    typeof event?.type === "string" && typeof event.seq === "number" && typeof event.at === "number"
  );
}

function heading({ title, broker, startedAt, fault }: Run, paper: Paper): string {
  const facts = `RabbitMQ ${broker.version} (${broker.image}), fault: ${fault}, ${startedAt}`;
  return `${paper.paint("bold", title)}\n${paper.paint("dim", facts)}`;
}

function livesOf(ledger: Ledger, fates: Record<Fate, string[]>, verb: string): string[] {
  const untoward = Object.entries(fates)
    .filter(([fate]) => fate !== "completed")
    .flatMap(([fate, tasks]) => tasks.map((task) => ({ fate, task })));
  const told = untoward.slice(0, LIVES_TOLD);
  const rest = untoward.length - told.length;
  return [
    ...told.flatMap(({ fate, task }) => [
      "",
      `${task} ${verb} ${fate}:`,
      ...describeLife(ledger.life(task), task),
    ]),
    ...(rest > 0 ? ["", `... and ${rest} more.`] : []),
  ];
}

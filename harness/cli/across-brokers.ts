import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultImage, type PreparedImage, preparedImages } from "../broker/image.ts";
import { SetupError } from "../errors.ts";
import { peakMemory } from "../report/memory.ts";
import { type RunReport, together } from "../report/run-report.ts";
import { type Selection, selectionArguments, titlePattern } from "./arguments.ts";
import { collectSpecs } from "./collect-specs.ts";
import { partOfRun } from "./conclude.ts";
import { type ExitCode, SETUP, worstOf } from "./exit-code.ts";
import type { Interruption } from "./interruption.ts";
import { lastWord } from "./last-word.ts";
import type { Outlook } from "./run-tests.ts";
import { DISASTERS, GUARANTEES, specFiles } from "./suite.ts";

const MAIN = join(import.meta.dirname, "main.ts");

/** One command on one broker. */
interface Leg {
  image: PreparedImage;
  args: string[];
}

/** What all of the runs came to. */
export interface AcrossBrokers {
  code: ExitCode;
  report: RunReport;
}

type Command = "guarantees" | "disasters" | "test" | "test:tools";

/**
 * Runs commands on every prepared broker, one after the other, and prints one table across them.
 * Each run has a process of its own, so that none inherits another's memory or state.
 *
 * @throws {SetupError} when there is no prepared image.
 */
export async function runsAcross(
  commands: readonly Command[],
  selection: Selection,
  outlook: Outlook,
): Promise<AcrossBrokers> {
  const { paper, say, interruption } = outlook;
  const legs = await legsOf(commands, selection);
  const folder = await mkdtemp(join(tmpdir(), "ackproof-"));
  const reports: RunReport[] = [];
  const codes: ExitCode[] = [];
  try {
    for (const leg of legs) {
      say(paper.paint("bold", `RabbitMQ ${leg.image.version ?? "?"} · ${leg.image.name}`));
      const results = join(folder, `${reports.length}.json`);
      const code = await runLeg(leg, results, interruption);
      if (code === SETUP) return { code, report: together(reports) }; // It has said why; the other brokers are on that machine.
      codes.push(code);
      reports.push(JSON.parse(await readFile(results, "utf8")));
      say("");
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const report = together(reports);
  report.memory = Math.max(report.memory, peakMemory());
  lastWord(report, selection.files, outlook);
  return { code: worstOf(codes), report };
}

async function legsOf(commands: readonly Command[], selection: Selection): Promise<Leg[]> {
  const images = await preparedImages();
  if (images.length === 0)
    throw new SetupError("No RabbitMQ image is prepared. Run `npm run setup -- --all`.");
  const name = await defaultImage();
  const standard = images.find((image) => image.name === name) ?? { name, version: undefined };
  const rest = selectionArguments(selection);
  const wanted = commands.length === 1 ? commands : await matching(commands, selection);
  return wanted.flatMap((command) => {
    // The tests of the harness itself are of no version.
    const isOfHarness = command === "test" || (command === "test:tools" && wanted.length > 1);
    if (isOfHarness) return [{ image: standard, args: [command, ...rest] }];
    const isTested = commands.includes("test") && command === "guarantees";
    const others = images.filter((image) => !isTested || image.name !== name);
    return others.map((image) => ({ image, args: [command, ...rest] }));
  });
}

/** Of several commands, those that have a promise with the text that was asked for. */
async function matching(commands: readonly Command[], selection: Selection): Promise<Command[]> {
  const titles = titlePattern(selection);
  if (titles === undefined) return [...commands];
  const found: Command[] = [];
  for (const command of commands) {
    const suite = [GUARANTEES, DISASTERS].find(({ name }) => name === command);
    const files = suite ? [...specFiles(suite).values()] : [];
    if (!suite || (await collectSpecs(files, titles)).length > 0) found.push(command);
  }
  return found;
}

/** The channel between the two is how the other one learns that it is to end, or is alone. */
async function runLeg({ image, args }: Leg, results: string, interruption: Interruption) {
  const env = { ...process.env, RABBITMQ_IMAGE: image.name, ...partOfRun(results) };
  const leg = fork(MAIN, args, { env, stdio: "inherit" });
  const end = () => {
    if (leg.connected) leg.disconnect();
  };
  interruption.signal.addEventListener("abort", end);
  const [code] = await once(leg, "exit");
  interruption.signal.removeEventListener("abort", end);
  return (code ?? SETUP) as ExitCode;
}

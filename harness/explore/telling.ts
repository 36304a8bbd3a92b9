import { relative } from "node:path";
import { commandLine } from "../command-line.ts";
import { accountInWords } from "../report/account-words.ts";
import type { Explored, Told } from "./explore.ts";
import { type Find, REPETITIONS } from "./find.ts";
import { disturbsBroker } from "./plan/command.ts";
import type { Seed } from "./plan/seed.ts";
import { inWords } from "./plan/words.ts";
import type { Run } from "./run-plan.ts";

/** Of accusations that say the same of many tasks, so many are told. */
const MOST_TOLD = 3;

/** What there is to say of a run that did not hold; nothing of one that did. */
export function findLines({ number, run, find, plan, report }: Told): string[] {
  if (run.outcome === "held") return [];
  if (!find) {
    const kept = run.path === undefined ? [] : [`  kept in ${shown(run.path)}`, ...page(report)];
    return [
      "",
      `run ${number} proved nothing:`,
      ...run.doubts.map((doubt) => `  ${doubt}`),
      ...kept,
    ];
  }
  const { shrunk, repeated, tried } = find;
  const shrinking = `${plan.length} commands shrunk to ${shrunk.length} in ${tried} runs`;
  return [
    "",
    `run ${number} broke a promise; ${shrinking}; ${often(repeated)}:`,
    ...inWords(shrunk),
    ...accusationLines(find.run),
    ...account(find.run),
    ...kept(find.run, report),
  ];
}

/** How one run ended. */
export function outcomeLines(run: Run): string[] {
  const doubts = run.doubts.map((doubt) => `  ${doubt}`);
  const where = run.path === undefined ? "" : `, kept in ${shown(run.path)}`;
  return [`${run.outcome}${where}`, ...accusationLines(run), ...doubts];
}

/** How a run broke its promises, with where they are made. */
function accusationLines({ accusations }: Run): string[] {
  const told = accusations
    .slice(0, MOST_TOLD)
    .map(({ sentence, docs }) => `  ${sentence} (${docs})`);
  const more = accusations.length - MOST_TOLD;
  return more > 0 ? [...told, `  ... and ${more} more.`] : told;
}

/** How many runs there were, and how they ended. */
export function summaryOf({ runs, took, broker }: Explored, seed: Seed): string {
  const count = (outcome: Run["outcome"]) =>
    runs.filter(({ run }) => run.outcome === outcome).length;
  const disturbed = runs.filter(({ plan }) => disturbsBroker(plan)).length;
  const tasks = runs.reduce((sum, { run }) => sum + (run.account.published ?? 0), 0);
  const seconds = Math.round(took / 1000);
  const rate = Math.round((runs.length / took) * 60_000);
  return [
    "",
    `${runs.length} runs (${disturbed} with faults of the broker) and ${tasks} tasks in ${seconds} s, ` +
      `${rate} runs a minute, on RabbitMQ ${broker.version}`,
    `${count("held")} held, ${count("broken")} broke a promise, ${count("inconclusive")} proved nothing`,
    `again: ${commandLine("explore", `--seed ${seed.text}`)}`,
  ].join("\n");
}

function often({ broken, of }: Find["repeated"]): string {
  if (of < REPETITIONS) return "it was interrupted before it was run again";
  return broken === of ? "it always breaks it" : `of ${of} more runs, ${broken} broke it`;
}

function account({ account }: Run): string[] {
  return Object.keys(account).length === 0 ? [] : [`  ${accountInWords(account)}`];
}

function kept({ path }: Run, report: string | undefined): string[] {
  if (path === undefined) return [];
  return [
    `  kept in ${shown(path)}, with a spec of it`,
    ...page(report),
    `  again: ${commandLine("explore", `--replay ${shown(path)}`)}`,
  ];
}

function page(report: string | undefined): string[] {
  return report === undefined ? [] : [`  ${report}`];
}

function shown(path: string): string {
  return relative(process.cwd(), path);
}

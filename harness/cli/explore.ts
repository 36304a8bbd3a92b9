import { chooseBroker } from "../broker/choose-broker.ts";
import { explore } from "../explore/explore.ts";
import { REPETITIONS } from "../explore/find.ts";
import { openGrounds } from "../explore/grounds.ts";
import { disturbsBroker } from "../explore/plan/command.ts";
import { inWords } from "../explore/plan/words.ts";
import { ExploreProgress } from "../explore/progress.ts";
import { replay } from "../explore/replay.ts";
import { readSavedRun } from "../explore/saved-run.ts";
import { findLines, outcomeLines, summaryOf } from "../explore/telling.ts";
import { reportLine } from "../report/html/write.ts";
import { type ExitCode, exitCodeOf, worstOf } from "./exit-code.ts";
import { EXPLORE_USAGE, type ExploreArguments, parseExplore } from "./explore-arguments.ts";
import { live } from "./live.ts";
import type { Outlook } from "./run-tests.ts";

/** `ackproof explore`: random workloads and faults, judged by what the documentation permits. */
export async function exploreBroker(args: string[], outlook: Outlook): Promise<ExitCode> {
  const told = parseExplore(args);
  if (told.help) {
    outlook.say(EXPLORE_USAGE);
    return 0;
  }
  if (told.replay !== undefined) return again(told.replay, told, outlook);
  const progress = new ExploreProgress(told);
  return live(progress, outlook, () => search(told, progress, outlook));
}

async function search(
  told: ExploreArguments,
  progress: ExploreProgress,
  outlook: Outlook,
): Promise<ExitCode> {
  const { say, interruption } = outlook;
  const { seed, disturbed, broker } = told;
  const grounds = await openGrounds(await chooseBroker(broker), disturbed);
  try {
    const { image, version } = grounds;
    say(`explore: seed ${seed.text}, RabbitMQ ${version} (${image})`);
    const { broker: _, replay: __, help: ___, ...options } = told;
    progress.begins();
    const explored = await explore(grounds, {
      ...options,
      progress,
      untilFound: told.planted !== undefined,
      signal: interruption.signal,
      onRun: (run) => {
        for (const line of findLines(run)) say(line);
      },
    });
    say(summaryOf(explored, seed));
    if (explored.failure) throw explored.failure;
    if (interruption.reason) throw interruption.reason;
    return worstOf(explored.runs.map(({ run }) => exitCodeOf(run.outcome)));
  } finally {
    await grounds.close();
  }
}

async function again(
  directory: string,
  told: ExploreArguments,
  { say, interruption }: Outlook,
): Promise<ExitCode> {
  const { plan, planted, seed, broker } = readSavedRun(directory);
  const image = await chooseBroker(told.broker ?? broker.version);
  const grounds = await openGrounds(image, disturbsBroker(plan) ? "all" : "none", 1);
  try {
    say(`explore: ${plan.length} commands, seed ${seed}, RabbitMQ ${grounds.version}`);
    for (const line of inWords(plan)) say(line);
    const options = { times: REPETITIONS, planted, signal: interruption.signal };
    const runs = await replay(grounds, plan, options, (run) => {
      for (const line of outcomeLines(run)) say(line);
      if (run.path !== undefined) say(`  ${reportLine(run.path)}`);
    });
    const broken = runs.filter(({ outcome }) => outcome === "broken").length;
    say(`broken in ${broken} of ${runs.length} runs`);
    if (interruption.reason) throw interruption.reason;
    return worstOf(runs.map(({ outcome }) => exitCodeOf(outcome)));
  } finally {
    await grounds.close();
  }
}

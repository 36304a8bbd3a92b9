import { randomInt, randomUUID } from "node:crypto";
import { Broker } from "../broker/broker.ts";
import { chooseBroker } from "../broker/choose-broker.ts";
import { parseGiven } from "../broker/given.ts";
import { commandLine } from "../command-line.ts";
import { reportLine } from "../report/html/write.ts";
import { paintOutcome } from "../report/outcome.ts";
import { ORIGIN, originOf } from "../scenario/origin.ts";
import { onOwnBroker } from "../scenario/own-broker.ts";
import { RunDirectory } from "../scenario/run-directory.ts";
import { badLives } from "../soak/bad-lives.ts";
import { ownPrograms } from "../soak/programs.ts";
import { type Ground, type SoakResult, soak } from "../soak/soak.ts";
import { SoakProgress } from "../soak/soak-progress.ts";
import { figures, grouped, progressLine, verdictSentence } from "../soak/words.ts";
import { type ExitCode, exitCodeOf } from "./exit-code.ts";
import { live } from "./live.ts";
import type { Outlook } from "./run-tests.ts";
import { parseSoak, SOAK_USAGE, type SoakArguments } from "./soak-arguments.ts";

type Settings = SoakArguments & { seed: number };

/** `soak`: is the account exact at full speed, while workers and the broker are killed? */
export async function soakQueue(args: string[], outlook: Outlook): Promise<ExitCode> {
  const { say, paper, interruption } = outlook;
  const told = parseSoak(args);
  if (told.help) {
    say(SOAK_USAGE);
    return 0;
  }
  const settings = { ...told, seed: told.seed ?? randomInt(2 ** 31) };
  say(`${titleOf(settings)}, seed ${settings.seed}`);
  const progress = new SoakProgress();
  const { result, directory } = await live(progress, outlook, () =>
    onGround(settings, (ground) => soakOn(ground, settings, progress, outlook)),
  );
  for (const line of figures(result)) say(line);
  say(`kept: ${directory.path}`);
  say(reportLine(directory.path));
  if (result.isInterrupted) throw interruption.reason;
  const { outcome, reasons } = result.verdict;
  say(paintOutcome(outcome, verdictSentence(result), paper));
  for (const reason of reasons) say(`  ${reason}`);
  const lives = outcome === "broken" ? await badLives(result.verdict, directory.history) : [];
  for (const line of lives) say(line);
  if (outcome !== "held") say(`Again: ${commandLine("soak", rerunArguments(settings))}`);
  return exitCodeOf(outcome);
}

function onGround<T>({ broker }: Settings, act: (ground: Ground) => Promise<T>): Promise<T> {
  if (!broker?.includes("://")) {
    return chooseBroker(broker).then((image) => onOwnBroker(image, (own) => act({ broker: own })));
  }
  const given = parseGiven(broker);
  return Broker.given(given).then((own) => act({ broker: own, vhost: given.vhost }));
}

async function soakOn(
  ground: Ground,
  settings: Settings,
  progress: SoakProgress,
  { say, interruption }: Outlook,
) {
  const directory = openDirectory(ground, settings);
  const { signal } = interruption;
  const { messages } = settings;
  const result = await soak({ ...settings, programs: ownPrograms() }, ground, directory, {
    signal,
    onBegin: (look) => progress.begins(look),
    onProgress: (progress, strike) =>
      say(progressLine(progress, messages, process.memoryUsage.rss(), strike)),
  }).catch((error) => {
    say(`What was gathered is kept: ${commandLine("judge", directory.path)}`);
    throw error;
  });
  directory.save("verdict.json", savedVerdict(result));
  return { result, directory };
}

/** What became of most tasks, the account says: their ids would be the most of the file. */
function savedVerdict({ verdict }: SoakResult) {
  return { ...verdict, fates: { ...verdict.fates, completed: [] } };
}

function openDirectory({ broker }: Ground, settings: Settings): RunDirectory {
  const { messages, seed, workerKills, brokerKills, queueType } = settings;
  const startedAt = new Date().toISOString();
  const id = `soak-${startedAt.replace(/\D/g, "").slice(0, 14)}-${randomUUID().slice(0, 8)}`;
  const directory = RunDirectory.create(id, {
    title: titleOf(settings),
    rerun: commandLine("soak", rerunArguments(settings)),
    fault: brokerKills > 0 ? "broker-kill" : workerKills > 0 ? "worker-kill" : "none",
    soak: { messages, seed, workerKills, brokerKills, queueType },
    broker: { image: broker.image, version: broker.version },
    node: process.version,
    startedAt,
  });
  directory.save(ORIGIN, originOf(id));
  return directory;
}

function titleOf({ messages, workerKills, brokerKills, queueType }: Settings): string {
  const kills = `${workerKills} worker kills, ${brokerKills} broker kills`;
  return `A soak of ${grouped(messages)} tasks, ${kills}, ${queueType} queue`;
}

/** A URL holds a password, and is for whoever runs it again to give. */
function rerunArguments(settings: Settings): string {
  const { messages, seed, workerKills, brokerKills, queueType, broker } = settings;
  const where = broker === undefined || broker.includes("://") ? "" : ` --broker ${broker}`;
  return (
    `--messages ${messages} --seed ${seed} --worker-kills ${workerKills} ` +
    `--broker-kills ${brokerKills} --queue ${queueType}${where}`
  );
}

import { type StdioOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import pRetry, { AbortError } from "p-retry";
import { SetupError } from "../errors.ts";
import { aptInstall, BUILD_PACKAGES } from "./apt-install.ts";
import { type Engine, searchEngine } from "./engine.ts";
import {
  type Distribution,
  type EngineFacts,
  type EnginePlan,
  parseOsRelease,
  planEngine,
} from "./engine-plan.ts";
import type { Progression } from "./progression.ts";
import { findCommand, lastLines, runTool, toolEnvironment } from "./tool.ts";

/** The engine, with what it needs to set up networks and to pull. */
const ENGINE_PACKAGES = ["docker.io", "iptables", "ca-certificates"];

const DAEMON_LOG = "/var/log/ackproof-dockerd.log";
/** Written by dockerd, and already before that by the init script of Debian's package. */
const DAEMON_PIDFILES = ["/var/run/docker.pid", "/var/run/docker-ssd.pid"];
const START_DEADLINE = 60_000;
const PROBE_INTERVAL = 100;

/**
 * The engine that answers; installed and started first where that is possible and needed.
 *
 * @throws {SetupError} where it isn't possible, with the one command that helps.
 */
export async function prepareEngine(progression: Progression): Promise<Engine> {
  let facts = await gatherFacts();
  let plan = planEngine(facts);
  if (plan.step === "install") {
    const place = facts.distribution?.name;
    progression.say(`engine: none found; installing Docker from the packages of ${place}`);
    await aptInstall([...ENGINE_PACKAGES, ...BUILD_PACKAGES], progression);
    if (!findCommand("docker")) await installDockerCommand(progression);
    facts = await gatherFacts();
    plan = planEngine(facts);
  }
  if (facts.search.engine) return facts.search.engine;
  if (plan.step === "start") return startDaemon(plan.by, progression);
  throw refusal(plan);
}

function refusal(plan: EnginePlan): SetupError {
  if (plan.step === "refuse") return new SetupError(`${plan.problem} Run: ${plan.remedy}`);
  return new SetupError(
    "docker.io was installed, and brought no dockerd. Install a container engine by hand.",
  );
}

async function gatherFacts(): Promise<EngineFacts> {
  const search = await searchEngine();
  return {
    search,
    platform: process.platform,
    distribution: await readDistribution(),
    root: process.getuid?.() === 0,
    installed: findCommand("dockerd") !== undefined,
    running: await daemonRuns(),
    serviceManager: existsSync("/run/systemd/system"),
  };
}

/** The Linux distribution of this machine, if it says which. */
export async function readDistribution(): Promise<Distribution | undefined> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseOsRelease(text);
}

/** Newer suites keep the command apart from the daemon. Only people need it, so it may be missing. */
async function installDockerCommand(progression: Progression): Promise<void> {
  await aptInstall(["docker-cli"], progression).catch((error: unknown) => {
    progression.signal.throwIfAborted();
    progression.say(`engine: the docker command is missing, which is no obstacle (${error})`);
  });
}

async function daemonRuns(): Promise<boolean> {
  const commands = DAEMON_PIDFILES.map(async (file) => {
    const pid = Number(await readFile(file, "utf8").catch(() => ""));
    return pid > 0 ? readFile(`/proc/${pid}/comm`, "utf8").catch(() => "") : "";
  });
  return (await Promise.all(commands)).some((command) => command.trim() === "dockerd");
}

async function startDaemon(
  by: "systemd" | "us" | "nobody",
  progression: Progression,
): Promise<Engine> {
  const { say, signal } = progression;
  if (by === "nobody") {
    say("engine: dockerd runs and doesn't answer yet; waiting for it");
    return awaitAnswer(signal, async () => {
      return (await daemonRuns()) ? undefined : "It ended by itself. Run this again to see why.";
    });
  }
  if (by === "systemd") {
    say("engine: starting the service docker");
    const failed = await runTool("systemctl", ["start", "docker"], { cancelSignal: signal }).then(
      () => false,
      () => true,
    );
    signal.throwIfAborted();
    return awaitAnswer(signal, () => (failed ? readJournal() : Promise.resolve(undefined)));
  }
  say(`engine: starting dockerd, with its log in ${DAEMON_LOG}`);
  return spawnDaemon(signal);
}

/** Without a service manager: dockerd in a session of its own, which outlives this command. */
async function spawnDaemon(signal: AbortSignal): Promise<Engine> {
  const log = await open(DAEMON_LOG, "w");
  // Straight into the file: a pipe would break when this process ends.
  const stdio: StdioOptions = ["ignore", log.fd, log.fd];
  const daemon = spawn("dockerd", { env: toolEnvironment(), detached: true, stdio });
  await log.close();
  let end: string | undefined;
  daemon.on("error", ({ message }) => {
    end = message;
  });
  daemon.on("exit", (code) => {
    end = `It exited with ${code}`;
  });
  daemon.unref();
  return awaitAnswer(signal, async () => {
    return end && `${end}. Its log, ${DAEMON_LOG}, ends with:${await tailOf(DAEMON_LOG)}`;
  });
}

/**
 * Resolves as soon as an engine answers.
 *
 * @param obituary how it ended, once it did.
 */
async function awaitAnswer(
  signal: AbortSignal,
  obituary: () => Promise<string | undefined>,
): Promise<Engine> {
  const attempt = async () => {
    const search = await searchEngine();
    if (search.engine) return search.engine;
    const end = await obituary();
    if (end !== undefined) throw new AbortError(new SetupError(`dockerd did not start. ${end}`));
    throw new Error(search.silences.map((s) => `${s.address}: ${s.reason}`).join(", "));
  };
  return pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: START_DEADLINE,
    factor: 1,
    minTimeout: PROBE_INTERVAL,
    maxTimeout: PROBE_INTERVAL,
    randomize: false,
    unref: false,
    signal,
  }).catch(async (cause: Error) => {
    signal.throwIfAborted();
    if (cause instanceof SetupError) throw cause;
    throw new SetupError(
      `dockerd did not answer in ${START_DEADLINE / 1000} s (${cause.message}). ` +
        `Look into its log, or start it by hand.${await tailOf(DAEMON_LOG)}`,
      { cause },
    );
  });
}

async function readJournal(): Promise<string> {
  const journal = await runTool("journalctl", ["-u", "docker", "-n", "15", "--no-pager"]).catch(
    () => "`systemctl status docker` says why.",
  );
  return `The service's journal ends with:${lastLines(journal, 15)}`;
}

async function tailOf(file: string): Promise<string> {
  return lastLines(await readFile(file, "utf8").catch(() => ""), 15);
}

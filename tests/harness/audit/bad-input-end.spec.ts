/** An audit that is ended before its time: what it tells, and that nothing of it is left. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type Resource, resourcesOf } from "../../../harness/reaper/resources.ts";
import { ticks, until, untilAnswered } from "../../../harness/until.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { badInput, program } from "./bad-input.ts";

const place = badInput();
const WORKER = program("amqplib/worker.ts");

type Running = ReturnType<typeof place.start>;

let image: string;

beforeAll(async () => {
  image = (await laneBroker()).image;
});

/** With brokers of its own. */
function startAlone(): Running {
  return place.start(["--quick", ...WORKER], { RABBITMQ_IMAGE: image });
}

/** What a process has on the engine: the owner's name tells it. */
async function owned({ pid }: Running): Promise<Resource[]> {
  const all = await resourcesOf();
  return all.filter(({ owner }) => owner.split("/")[4] === String(pid));
}

async function untilNothingIsOwned(running: Running): Promise<void> {
  const isGone = async () => (await owned(running)).length === 0;
  await untilAnswered("its brokers to be gone", isGone);
}

/** Collects what it prints, and waits for a text in it. */
function untilTold(running: Running, text: string): Promise<boolean> {
  let told = "";
  running.stdout?.on("data", (chunk) => {
    told += String(chunk);
  });
  return until(`"${text}" to be told`, ticks, () => told.includes(text), {
    lastSeen: () => told,
  });
}

function lastResult(): unknown {
  const run = place.runs().at(-1) ?? "";
  return JSON.parse(readFileSync(join(run, "audit.json"), "utf8"));
}

test("by SIGINT while its brokers boot: nothing took place, and nothing is kept", async () => {
  const running = startAlone();
  await untilAnswered("a broker", async () => (await owned(running)).length > 0);
  running.kill("SIGINT");
  const { exitCode, stderr, stdout } = await running;
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: "audit: interrupted." });
  expect(stdout).not.toContain("UNFINISHED");
  expect(await owned(running)).toEqual([]);
  expect(place.runs()).toEqual([]);
});

test("by SIGINT in a trial: it tells what it has until then", async () => {
  const temporary = join(place.folder, "temporary");
  mkdirSync(temporary);
  const worker = program("mutants/acks-early.ts");
  const running = place.start(["--broker", place.url, ...worker], { TMPDIR: temporary });
  await untilTold(running, "✗ control");
  running.kill("SIGINT");
  const { exitCode, stdout, stderr } = await running;
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: "audit: interrupted." });
  expect(stdout).toMatch(
    /\nUNFINISHED: the audit broke off after \d+ trials?, and has no verdict\. Until then it showed: .*at risk, in /,
  );
  expect(lastResult()).toMatchObject({
    outcome: "unfinished",
    headline: "This audit has no result. interrupted.",
  });
  expect(place.left()).toEqual([]);
  expect(await place.queues()).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
});

const KILLED = {
  outcome: "unfinished",
  headline: "This audit has no result. It is under way, or was killed.",
};

test("by SIGKILL on brokers of its own: they go with it", async () => {
  const running = startAlone();
  await until("its worker", ticks, () => place.left().length > 0);
  expect(await owned(running)).not.toEqual([]);
  running.kill("SIGKILL");
  await running;
  await untilNothingIsOwned(running);
  await until("its workers to be gone", ticks, () => place.left().length === 0);
  expect(lastResult()).toMatchObject(KILLED);
});

test("by SIGKILL on a broker that is given: its queues vanish by themselves", async () => {
  const running = place.start(["--broker", place.url, ...WORKER]);
  await until("its worker", ticks, () => place.left().length > 0);
  running.kill("SIGKILL");
  await running;
  await until("its workers to be gone", ticks, () => place.left().length === 0);
  expect(lastResult()).toMatchObject(KILLED);
  const queues = await place.queues();
  const lasting = queues.filter(({ arguments: args }) => args["x-expires"] === undefined);
  expect(queues.length).toBeGreaterThan(0);
  // A worker that publishes may declare it, too.
  expect(lasting.every(({ name }) => name.endsWith(".output"))).toBe(true);
});

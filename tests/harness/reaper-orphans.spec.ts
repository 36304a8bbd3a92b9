import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newOwner } from "../../harness/reaper/owner.ts";
import { entrust } from "../../harness/reaper/reaper.ts";
import { removeResources } from "../../harness/reaper/resources.ts";
import { bootLanes } from "../../harness/scenario/lanes.ts";
import { laneBroker } from "../../harness/vitest.ts";
import { occupied, occupy } from "./engine.ts";
import { SmallHarness } from "./small-harness-process.ts";

/** A container, a network and a volume. */
const ALL = 3;

let image: string;
const owners: { owner: string; done: () => void }[] = [];

beforeEach(async () => {
  image = (await laneBroker()).image;
});

afterEach(async () => {
  for (const { owner, done } of owners.splice(0)) {
    await removeResources(owner);
    done();
  }
});

/** Whatever the test shows, it leaves nothing. */
function tidy(owner: string): string {
  owners.push({ owner, done: entrust(`resources ${owner}`) });
  return owner;
}

async function startHarness() {
  const harness = new SmallHarness(["broker", image]);
  return { harness, owner: tidy(await harness.firstLine()) };
}

/** As a run begins, but without brokers of its own. */
async function nextRun(): Promise<string | undefined> {
  const lanes = await bootLanes(image, 0);
  await lanes.close();
  return lanes.removed;
}

test("the next run removes what a harness left that was killed with its helper", async () => {
  const { harness, owner } = await startHarness();
  await harness.killHelper();
  await harness.kill("SIGKILL");
  await harness.lastWords; // Both are gone.
  expect(await occupied(owner)).toBe(ALL); // Or there would be nothing to remove.
  expect(await nextRun()).toMatch(
    /^Removed what a killed run had left: \d+ containers?, \d+ networks?, \d+ volumes?\.$/,
  );
  expect(await occupied(owner)).toBe(0);
});

test("what a living harness has stays, also when its helper is dead", async () => {
  const { harness, owner } = await startHarness();
  await harness.killHelper();
  await nextRun();
  expect(await occupied(owner)).toBe(ALL);
  await harness.exit();
});

/** A process id that no system gives. */
const NOBODY = 2 ** 22 + 1;

test("what nobody here can tell of stays: it may belong to a living one elsewhere", async () => {
  const [, host, boot, namespace, , began] = newOwner().split("/");
  const owners = [
    [`not-${host}`, boot, namespace, NOBODY, began],
    [host, randomUUID(), namespace, NOBODY, began],
    [host, boot, "1", NOBODY, began],
    [],
  ].map((process) => tidy([randomUUID(), ...process].join("/")));
  for (const owner of owners) await occupy(image, owner);
  await nextRun();
  for (const owner of owners) expect(await occupied(owner)).toBe(ALL);
});

test("what is a stranger's stays, whatever its labels say", async () => {
  const [, host, boot, namespace, , began] = newOwner().split("/");
  const owner = [randomUUID(), host, boot, namespace, NOBODY, began].join("/");
  const label = "org.example.harness";
  const leave = await occupy(image, owner, label);
  try {
    await nextRun();
    expect(await occupied(owner, label)).toBe(ALL);
  } finally {
    await leave();
  }
});

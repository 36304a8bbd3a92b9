import { expect, test } from "vitest";
import { entrust } from "../../harness/reaper/reaper.ts";
import { removeResources } from "../../harness/reaper/resources.ts";
import { laneBroker } from "../../harness/vitest.ts";
import { occupied } from "./engine.ts";
import { ENDINGS, SmallHarness } from "./small-harness-process.ts";

/** A container, a network and a volume. */
const ALL = 3;

async function startHarness() {
  const { image } = await laneBroker();
  const harness = new SmallHarness(["broker", image]);
  const owner = await harness.firstLine();
  const done = entrust(`resources ${owner}`); // In case that they do outlive it.
  expect(await occupied(owner)).toBe(ALL);
  return { harness, owner, done };
}

test.each(ENDINGS)(
  "a container, its network and its volume do not outlive a harness that ends %s",
  async (_, end, ending) => {
    const { harness, owner, done } = await startHarness();
    expect(await end(harness)).toEqual(ending);
    expect(await harness.lastWords).toBe(""); // Its helper has finished.
    expect(await occupied(owner)).toBe(0);
    done();
  },
);

test("they are removed twice at once without a complaint", async () => {
  const { harness, owner, done } = await startHarness();
  await Promise.all([removeResources(owner), removeResources(owner), harness.kill("SIGINT")]);
  expect(await harness.lastWords).toBe("");
  expect(await occupied(owner)).toBe(0);
  done();
});

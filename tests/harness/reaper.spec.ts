import { randomUUID } from "node:crypto";
import { getContainerRuntimeClient } from "testcontainers";
import { expect, test } from "vitest";
import { entrust } from "../../harness/reaper/reaper.ts";
import { removeContainers } from "../../harness/reaper/remove-containers.ts";
import { laneBroker } from "../../harness/vitest.ts";
import { ENDINGS, SmallHarness } from "./small-harness-process.ts";

async function containersOf(owner: string): Promise<string[]> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = { label: [`org.ackproof.harness=${owner}`] };
  return (await dockerode.listContainers({ all: true, filters })).map(({ Id }) => Id);
}

async function startContainer(owner: string): Promise<SmallHarness> {
  const { image } = await laneBroker();
  const harness = new SmallHarness(["container", image, owner]);
  const id = await harness.firstLine();
  expect(await containersOf(owner)).toEqual([id]);
  return harness;
}

test.each(ENDINGS)(
  "a container does not outlive a harness that ends %s",
  async (_, end, ending) => {
    const owner = randomUUID();
    const done = entrust(`containers ${owner}`); // In case that it does.
    const harness = await startContainer(owner);
    expect(await end(harness)).toEqual(ending);
    expect(await harness.lastWords).toBe(""); // Its helper has finished.
    expect(await containersOf(owner)).toEqual([]);
    done();
  },
);

test("containers are removed twice at once without a complaint", async () => {
  const owner = randomUUID();
  const harness = await startContainer(owner);
  await Promise.all([removeContainers(owner), removeContainers(owner), harness.kill("SIGINT")]);
  expect(await harness.lastWords).toBe("");
  expect(await containersOf(owner)).toEqual([]);
});

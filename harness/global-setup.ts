import type { TestProject } from "vitest/node";
import { defaultImage } from "./broker/image.ts";
import { bootLanes } from "./scenario/lanes.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Containers of the brokers, one for each of vitest's workers. */
    lanes: string[];
    /** Milliseconds until they were up. */
    laneBoot: number;
    /** Why the lanes' brokers have no disk of their own; empty where they have, or need none. */
    diskless: string;
  }
}

/**
 * Boots the brokers before the first spec, and removes them after the last. Projects that run
 * together share them: the first one boots, and what it provides, it provides to all.
 */
export default async function setup({
  vitest,
}: TestProject): Promise<(() => Promise<void>) | void> {
  if (vitest.getRootProject().getProvidedContext().lanes) return;
  const onDisks = vitest.projects.some(({ name }) => name === "disasters");
  const count = Number(vitest.config.maxWorkers);
  const lanes = await bootLanes(await defaultImage(), count, { onDisks });
  if (lanes.removed) process.stderr.write(`${lanes.removed}\n`);
  vitest.getRootProject().provide("lanes", lanes.ids);
  vitest.getRootProject().provide("laneBoot", lanes.boot);
  vitest.getRootProject().provide("diskless", lanes.diskless ?? "");
  return lanes.close;
}

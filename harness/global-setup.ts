import type { TestProject } from "vitest/node";
import { defaultImage } from "./broker/image.ts";
import { bootLanes } from "./scenario/lanes.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Containers of the brokers, one for each of vitest's workers. */
    lanes: string[];
    /** Milliseconds until they were up. */
    laneBoot: number;
  }
}

/** Boots the brokers before the first spec, and removes them after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const workers = Number(project.vitest.config.maxWorkers);
  const lanes = await bootLanes(await defaultImage(), workers);
  project.provide("lanes", lanes.ids);
  project.provide("laneBoot", lanes.boot);
  return lanes.close;
}

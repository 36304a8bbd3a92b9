/**
 * `ackproof/vitest`: what tests of somebody's own workers need. Importing it gives `expect` its
 * matchers.
 */
import { expect } from "vitest";
import { matchers } from "./testing/matchers.ts";

expect.extend(matchers);

export type { Rig } from "./scenario/rig.ts";
export type { AckproofMatchers } from "./testing/matchers.ts";
export { type RigFixture, type RigFixtureOptions, rig } from "./testing/rig-fixture.ts";
/** Promises and their limits as the suite itself writes them; with `ackproof/vitest/global-setup`. */
export {
  finding,
  guarantee,
  limit,
  measurement,
  type SpecBody,
  type SpecOptions,
} from "./vitest.ts";

import { chooseBroker } from "../broker/choose-broker.ts";
import { runsAcross } from "./across-brokers.ts";
import { FORMAT_USAGE, parseSelection, titlePattern } from "./arguments.ts";
import { conclude } from "./conclude.ts";
import type { ExitCode } from "./exit-code.ts";
import { type Outlook, runTests } from "./run-tests.ts";
import { say } from "./say.ts";

/** Tests that are run together. */
interface Tests {
  /** The command's name. */
  name: "test" | "test:tools";
  projects: readonly string[];
  /** How it is called, and what is in it. */
  usage: string;
  allBrokers: string;
}

export const TESTS: Tests = {
  name: "test",
  projects: ["unit", "guarantees", "harness"],
  usage: `Usage: npm test -- [options]
Runs the tests of the harness itself, with and without a broker, and the guarantees.`,
  allBrokers: `then the tests of the tools; the guarantees on every other
                            prepared version, and the disasters on all of them

\`npm run test:unit\` runs what needs no container engine, and \`npm run test:tools\` the tests of what
is built on the harness: audit, explore, soak.`,
};

export const TOOLS: Tests = {
  name: "test:tools",
  projects: ["tools", "browser"],
  usage: `Usage: npm run test:tools -- [options]
Runs the tests of what is built on the harness: audit, explore, soak, the report, the package.`,
  allBrokers: "the same on every prepared version, one after the other",
};

const options = (allBrokers: string) => `

  -t, --promise <part>      only tests whose title contains this text
  --queue classic|quorum    only experiments on this type of queue
  --broker <version|image>  this broker instead of the default one: 4.0, or rabbitmq:4.1
  --shard <index>/<count>   only this part of the files, so that each machine runs one
${FORMAT_USAGE.slice(1)}
  --all-brokers             ${allBrokers}`;

/** The command of some tests, on the default broker; `test` is of everything, if so asked. */
export const test =
  ({ name, projects, usage, allBrokers }: Tests) =>
  async (args: string[], outlook: Outlook): Promise<ExitCode> => {
    const selection = parseSelection(name, args);
    if (selection.help) {
      say(usage + options(allBrokers));
      return 0;
    }
    if (selection.allBrokers) {
      const all = name === "test" ? EVERYTHING : [name];
      return (await runsAcross(all, selection, outlook)).code;
    }
    const plan = {
      projects: [...projects],
      files: [],
      titles: titlePattern(selection),
      shard: selection.shard,
      image: await chooseBroker(selection.broker),
    };
    return conclude(await runTests(plan, outlook), outlook, selection.files);
  };

const EVERYTHING = ["test", "test:tools", "guarantees", "disasters"] as const;

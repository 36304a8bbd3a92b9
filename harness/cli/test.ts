import { chooseBroker } from "../broker/choose-broker.ts";
import { runsAcross } from "./across-brokers.ts";
import { parseSelection, titlePattern } from "./arguments.ts";
import { conclude } from "./conclude.ts";
import type { ExitCode } from "./exit-code.ts";
import { type Outlook, runTests } from "./run-tests.ts";
import { say } from "./say.ts";

const USAGE = `Usage: npm test -- [options]
Runs every test: of the harness itself, with and without a broker, and the guarantees.

  -t, --promise <part>      only tests whose title contains this text
  --queue classic|quorum    only experiments on this type of queue
  --broker <version|image>  this broker instead of the default one: 4.0, or rabbitmq:4.1
  --all-brokers             then the guarantees on every other prepared version, and the
                            disasters on all of them

\`npm run test:unit\` runs what needs no container engine.`;

/** Everything, on the default broker; the guarantees on all brokers if so asked. */
export async function test(args: string[], outlook: Outlook): Promise<ExitCode> {
  const selection = parseSelection("test", args);
  if (selection.help) {
    say(USAGE);
    return 0;
  }
  if (selection.allBrokers) {
    return (await runsAcross(["test", "guarantees", "disasters"], selection, outlook)).code;
  }
  const plan = {
    projects: ["unit", "guarantees", "harness"],
    files: [],
    titles: titlePattern(selection),
    image: await chooseBroker(selection.broker),
  };
  return conclude(await runTests(plan, outlook), outlook);
}

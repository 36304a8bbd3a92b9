import { chooseBroker } from "../broker/choose-broker.ts";
import { preparedImages } from "../broker/image.ts";
import { SetupError } from "../errors.ts";
import { runsAcross } from "./across-brokers.ts";
import { FORMAT_USAGE, parseSelection, type Selection, titlePattern } from "./arguments.ts";
import { collectSpecs } from "./collect-specs.ts";
import { conclude } from "./conclude.ts";
import type { ExitCode } from "./exit-code.ts";
import { type Outlook, runTests } from "./run-tests.ts";
import { say } from "./say.ts";
import { DISASTERS, GUARANTEES, type Suite, specFiles } from "./suite.ts";
import { requireVersions, writeDocument } from "./write-document.ts";

const WRITING = `
  --write                   after all brokers, and the disasters on all of them: writes
                            tests/GUARANTEES.md, if everything held`;

const usage = ({ name, purpose }: Suite, families: readonly string[]) =>
  `Usage: npm run ${name} -- [family...] [options]
${purpose}

  family                    only these: ${families.join(", ")}
  -t, --promise <part>      only promises that contain this text
  --queue classic|quorum    only this type of queue
  --broker <version|image>  this broker instead of the default one: 4.0, or rabbitmq:4.1
  --all-brokers             every prepared version, one after the other, and one table of all
  --shard <index>/<count>   only this part of the files, so that each machine runs one: 1/2 here and
                            2/2 there; \`npm run report -- --merge\` adds them up${
                              name === "guarantees" ? WRITING : ""
                            }${FORMAT_USAGE}

Exit code: 0 all held, 1 a promise is broken, 2 an experiment proved nothing, 3 the machine could
not run it.`;

/** The command of a suite: every promise of it, on one broker or on all. */
export const prove =
  (suite: Suite) =>
  async (args: string[], outlook: Outlook): Promise<ExitCode> => {
    const selection = parseSelection(suite.name, args);
    const families = [...specFiles(suite).keys()];
    if (selection.help) {
      say(usage(suite, families));
      return 0;
    }
    const unknown = selection.families.find((name) => !families.includes(name));
    if (unknown !== undefined) {
      throw new SetupError(`There is no family "${unknown}". There is ${families.join(", ")}.`);
    }
    await requireMatch(suite, selection);
    if (selection.allBrokers) return onAllBrokers(suite, selection, outlook);
    const run = await runTests(await planOf(suite, selection), outlook);
    return conclude(run, outlook, selection.files);
  };

/** Brokers take a while to boot: a text that no promise contains is told before. */
async function requireMatch(suite: Suite, selection: Selection): Promise<void> {
  const titles = titlePattern(selection);
  if (selection.promise === undefined || titles === undefined) return;
  const files = filesOf(suite, selection);
  const everywhere = [...specFiles(suite).values()];
  if ((await collectSpecs(files.length > 0 ? files : everywhere, titles)).length > 0) return;
  const { promise, queue, families } = selection;
  const where = [...families, ...(queue === undefined ? [] : [`${queue} queues`])].join(", ");
  throw new SetupError(`No promise${where && ` of ${where}`} contains "${promise}".`);
}

async function onAllBrokers(
  suite: Suite,
  selection: Selection,
  outlook: Outlook,
): Promise<ExitCode> {
  if (!selection.write) return (await runsAcross([suite.name], selection, outlook)).code;
  requireVersions(await preparedImages());
  const everything = [GUARANTEES.name, DISASTERS.name];
  const { code, report } = await runsAcross(everything, selection, outlook);
  return writeDocument(code, report, outlook);
}

async function planOf(suite: Suite, selection: Selection) {
  return {
    projects: [suite.name],
    files: filesOf(suite, selection),
    titles: titlePattern(selection),
    shard: selection.shard,
    image: await chooseBroker(selection.broker),
  };
}

function filesOf(suite: Suite, { families }: Selection): string[] {
  const files = specFiles(suite);
  return families.map((name) => files.get(name) ?? name);
}

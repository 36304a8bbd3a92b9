import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { preparedImages } from "../broker/image.ts";
import { SetupError } from "../errors.ts";
import { runsAcross } from "./across-brokers.ts";
import { parseSelection, type Selection, titlePattern } from "./arguments.ts";
import { chooseBroker } from "./choose-broker.ts";
import { collectSpecs } from "./collect-specs.ts";
import { conclude } from "./conclude.ts";
import type { ExitCode } from "./exit-code.ts";
import { type Outlook, runTests } from "./run-tests.ts";
import { say } from "./say.ts";
import { requireVersions, writeDocument } from "./write-document.ts";

const USAGE = `Usage: npm run guarantees -- [family...] [options]
Proves what RabbitMQ guarantees, on a real broker, and prints the account of every promise.

  family                    only these: {families}
  -t, --promise <part>      only promises that contain this text
  --queue classic|quorum    only this type of queue
  --broker <version|image>  this broker instead of the default one: 4.0, or rabbitmq:4.1
  --all-brokers             every prepared version, one after the other, and one table of all
  --write                   after all brokers: writes tests/GUARANTEES.md, if everything held

Exit code: 0 all held, 1 a promise is broken, 2 an experiment proved nothing, 3 the machine could
not run it.`;

const FOLDERS = ["guarantees", "findings"].map((folder) =>
  join(import.meta.dirname, "../../tests", folder),
);
const SPEC = ".spec.ts";

/** The main job: every guarantee, on one broker or on all. */
export async function guarantees(args: string[], outlook: Outlook): Promise<ExitCode> {
  const selection = parseSelection("guarantees", args);
  const families = [...specFiles().keys()];
  if (selection.help) {
    say(USAGE.replace("{families}", families.join(", ")));
    return 0;
  }
  const unknown = selection.families.find((name) => !families.includes(name));
  if (unknown !== undefined) {
    throw new SetupError(`There is no family "${unknown}". There is ${families.join(", ")}.`);
  }
  await requireMatch(selection);
  if (selection.allBrokers) return onAllBrokers(selection, outlook);
  return conclude(await runTests(await planOf(selection), outlook), outlook);
}

/** Brokers take a while to boot: a text that no promise contains is told before. */
async function requireMatch(selection: Selection): Promise<void> {
  const titles = titlePattern(selection);
  if (selection.promise === undefined || titles === undefined) return;
  if ((await collectSpecs(filesOf(selection), titles)).length > 0) return;
  const { promise, queue, families } = selection;
  const where = [...families, ...(queue === undefined ? [] : [`${queue} queues`])].join(", ");
  throw new SetupError(`No promise${where && ` of ${where}`} contains "${promise}".`);
}

async function onAllBrokers(selection: Selection, outlook: Outlook): Promise<ExitCode> {
  if (selection.write) requireVersions(await preparedImages());
  const { code, report } = await runsAcross("guarantees", selection, outlook);
  return selection.write ? writeDocument(code, report, outlook) : code;
}

async function planOf(selection: Selection) {
  return {
    projects: ["guarantees"],
    files: filesOf(selection),
    titles: titlePattern(selection),
    image: await chooseBroker(selection.broker),
  };
}

function filesOf({ families }: Selection): string[] {
  const files = specFiles();
  return families.map((name) => files.get(name) ?? name);
}

/** The file of each family, in the order of the table of contents. */
function specFiles(): Map<string, string> {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(SPEC))
      .map((name) => join(folder, name)),
  );
  return new Map(paths.map((path) => [basename(path, SPEC), path]));
}

/**
 * A harness in small: it starts what an experiment starts, says so, and then lives until it is
 * ended. `small-harness.ts subject` starts a subject with a child, in the environment that it has;
 * `small-harness.ts container <image> <owner>` a container that does nothing.
 */
import { devNull } from "node:os";
import { join } from "node:path";
import { History } from "../../harness/history/history.ts";
import { entrust, OWNER_LABEL } from "../../harness/reaper/reaper.ts";
import { Subject } from "../../harness/workers/subject.ts";

const [what, image = "", owner = ""] = process.argv.slice(2);

if (what === "subject") {
  await Subject.start({
    name: "w",
    command: [process.execPath, join(import.meta.dirname, "family.ts")],
    env: {},
    logFile: devNull,
    history: new History(),
  });
} else {
  const { GenericContainer } = await import("testcontainers");
  entrust(`containers ${owner}`);
  const container = new GenericContainer(image)
    .withLabels({ [OWNER_LABEL]: owner })
    .withCommand(["sleep", "infinity"])
    .withAutoCleanup(false);
  console.log((await container.start()).getId());
}

process.stdin.resume();
process.stdin.once("end", () => process.exit(0));

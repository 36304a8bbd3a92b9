/**
 * A harness in small: it starts what an experiment starts, says so, and then lives until it is
 * ended. `small-harness.ts subject` starts a subject with a child, in the environment that it has;
 * `small-harness.ts daemon` one whose child is in a session of its own; `small-harness.ts instant`
 * one at whose start it is killed itself; `small-harness.ts broker <image>` a container that does
 * nothing, with a network and a volume of its own, and says who owns them.
 */
import { devNull } from "node:os";
import { join } from "node:path";
import { History } from "../../harness/history/history.ts";
import { entrust, newOwner } from "../../harness/reaper/reaper.ts";
import { Subject } from "../../harness/workers/subject.ts";
import { occupy } from "./engine.ts";

const [what, image = ""] = process.argv.slice(2);

const family = join(import.meta.dirname, "family.ts");

if (what === "subject" || what === "daemon" || what === "instant") {
  const history = new History();
  history.subscribe(({ type }) => {
    if (what === "instant" && type === "process-started") process.kill(process.pid, "SIGKILL");
  });
  const child = `setsid "${process.execPath}" "${family}" child & "${process.execPath}" "${family}"`;
  await Subject.start({
    name: "w",
    command: what !== "daemon" ? [process.execPath, family] : ["sh", "-c", `${child} loner`],
    env: {},
    logFile: devNull,
    history,
  });
} else {
  const owner = newOwner();
  entrust(`resources ${owner}`);
  await occupy(image, owner);
  console.log(owner);
}

process.stdin.resume();
process.stdin.once("end", () => process.exit(0));

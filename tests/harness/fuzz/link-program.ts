/**
 * A link in a process of its own, so that its crash, its hanging and its memory are nobody else's.
 * Started with a parent that asks it questions; its argument is where the broker is.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { History } from "../../../harness/history/history.ts";
import { type Address, Link } from "../../../harness/link/link.ts";
import { until } from "../../../harness/until.ts";
import { type Answer, DEADLINE, type Question, SUBJECT } from "./link-process.ts";

const upstream = JSON.parse(process.argv[2] ?? "") as Address;
const history = new History({ keep: false });
const link = new Link(history, () => upstream);

let violations: Answer["violations"] = [];
history.subscribe((event) => {
  if (event.type !== "protocol-violation") return;
  violations.push({ by: event.by, connection: event.connection, text: event.text });
});

/** Waits until so many connections are left, and tells what has been violated since last asked. */
async function settle({ connections }: Question): Promise<Answer> {
  const left = () => link.connections(SUBJECT);
  await until(`${connections} connections to be left`, history, () => left() === connections, {
    deadline: DEADLINE,
    lastSeen: () => `${left()}`,
  });
  const answer = { violations, ...memory() };
  violations = [];
  return answer;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
let asked = 0;

/** What is kept is known only after garbage collection, which is too dear to do each time. */
function memory() {
  const peak = process.resourceUsage().maxRSS * 1024;
  if (asked++ % 500 !== 0) return { peak };
  for (let twice = 0; twice < 2; twice++) collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { peak, kept: heapUsed + arrayBuffers };
}

process.on("message", async (question: Question) => {
  const answer = await settle(question).catch((error: Error) => ({ failure: error.message }));
  process.send?.(answer);
});
process.once("disconnect", () => process.exit());
process.send?.(await link.open(SUBJECT));

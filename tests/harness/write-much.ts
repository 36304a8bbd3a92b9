/** Writes a history of about 1 MB to the file that it is given, and says how that failed. */
import { writeHistory } from "../../harness/history/file.ts";
import { History } from "../../harness/history/history.ts";

const [path = ""] = process.argv.slice(2);
const history = new History();
const file = writeHistory(history, path);
for (let count = 0; count < 10_000; count++) {
  history.record({ type: "queue-purged", queue: "tasks with a name of some length", count });
}
const closing = await file.close().catch((error: unknown) => error);
try {
  history.assertWhole();
} catch (error) {
  console.log(`assertWhole: ${error}`);
}
console.log(`close: ${closing}`);

/** A program that shows how it goes, as the commands do, and ends in one of the ways that they end. */
import { Interruption, listenForSignals } from "../../../harness/cli/interruption.ts";
import { live } from "../../../harness/cli/live.ts";
import { paperOf } from "../../../harness/report/text.ts";

const [ending = "well"] = process.argv.slice(2);
const interruption = new Interruption();
listenForSignals(interruption);
const outlook = { paper: paperOf(process.stdout), interruption };

const changing = { lines: ["1 of 2 · a summary", `at work on ${"something ".repeat(20)}`] };
await live(changing, outlook, act);
console.log("said afterwards");

async function act(): Promise<void> {
  console.log("said meanwhile");
  console.log("said in two\nlines");
  process.stderr.write("complained of\n");
  process.stdout.write("begun, ");
  process.stdout.write(Buffer.from("and ended\n"));
  if (ending === "interrupted") await interrupted();
  if (ending === "broken") throw new Error("it can't go on");
  if (ending === "left") process.exit(3);
  process.stdout.write("not a whole line");
}

/** By itself, as by Ctrl-C; and as the commands do, it ends in its own time. */
async function interrupted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  interruption.signal.addEventListener("abort", () => resolve());
  const awake = setInterval(() => {}, 60_000);
  process.kill(process.pid, "SIGINT");
  await promise;
  clearInterval(awake);
}

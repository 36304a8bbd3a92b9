import { globSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { History } from "../../harness/history/history.ts";
import { Sink } from "../../harness/sink/sink.ts";
import { ticks, until } from "../../harness/until.ts";
import { ENDINGS, SmallHarness } from "./small-harness-process.ts";

let history: History;
let sink: Sink;

beforeEach(async () => {
  history = new History();
  sink = await Sink.start(history);
});

afterEach(() => sink.close());

const alive = () => sink.held().map(({ task }) => task);

const KINDS = process.platform === "linux" ? ["subject", "daemon"] : ["subject"];

test.each(KINDS.flatMap((kind) => ENDINGS.map((ending) => [kind, ...ending] as const)))(
  "a %s and its child do not outlive a harness that ends %s",
  async (kind, _, end, ending) => {
    const harness = new SmallHarness([kind], { EFFECT_URL: sink.url("w") });
    await until("both to be mid-task", history, () => alive().length === 2);
    expect(await end(harness)).toEqual(ending);
    // The sink loses a caller when the operating system ends it.
    await until("both to be gone", history, () => alive().length === 0, {
      deadline: 4_000,
      lastSeen: () => `alive: ${alive()}`,
    });
    expect(await harness.lastWords).toBe("");
  },
);

test.runIf(process.platform === "linux")(
  "a subject does not outlive a harness that is killed the moment it is there",
  async () => {
    const url = sink.url("instant");
    const harness = new SmallHarness(["instant"], { EFFECT_URL: url });
    expect(await harness.ended).toEqual({ code: null, signal: "SIGKILL" });
    await harness.lastWords; // Its helper is gone, too.
    const left = () => globSync("/proc/[0-9]*/environ").filter((file) => isToldOf(file, url));
    await until("it to be gone", ticks, () => left().length === 0, { deadline: 4_000 });
  },
);

function isToldOf(environment: string, url: string): boolean {
  try {
    return readFileSync(environment, "utf8").includes(url);
  } catch {
    return false; // It has ended, or is another user's.
  }
}

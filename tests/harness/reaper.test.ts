import { afterEach, beforeEach, expect, test } from "vitest";
import { History } from "../../harness/history/history.ts";
import { Sink } from "../../harness/sink/sink.ts";
import { until } from "../../harness/until.ts";
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

/** Plans for which the explorer once accused a broker of what its own world had done. */
import { expect, test } from "vitest";
import { groundsOn } from "../../harness/explore/grounds.ts";
import type { Command, Publishing, Terms } from "../../harness/explore/plan/command.ts";
import { replay } from "../../harness/explore/replay.ts";
import { laneBroker } from "../../harness/vitest.ts";

const { signal } = new AbortController();

const TERMS: Terms = { type: "classic", durable: true };
const SAFELY: Omit<Publishing, "count"> = {
  batch: 10,
  persistent: true,
  confirmed: true,
  mandatory: true,
};

test.each<[string, ...Command[]]>([
  [
    "a consumer whose network is healed gives back what it holds, and a worker does it",
    { do: "declare", terms: TERMS },
    { do: "publish", count: 1, ...SAFELY },
    { do: "consume", who: "c2", prefetch: 1, noAck: false },
    { do: "wait", until: "delivered" },
    { do: "start", who: "w1", prefetch: 1 },
    { do: "network", who: "c2", harm: "half-open" },
  ],
  [
    "a consumer that is asked twice to answer does and acks a task once",
    { do: "declare", terms: TERMS },
    { do: "publish", count: 1, ...SAFELY },
    { do: "consume", who: "c2", prefetch: 1, noAck: false },
    { do: "answer", who: "c2", how: "ack", count: 1 },
    { do: "answer", who: "c2", how: "ack", count: 1 },
  ],
])("%s", async (_what, ...plan) => {
  const grounds = groundsOn([await laneBroker()], "none");
  const runs = await replay(grounds, plan, { times: 3, signal }, () => {});
  expect(runs.map(({ accusations }) => accusations)).toEqual([[], [], []]);
  for (const { account } of runs) {
    expect(account).toEqual({ published: 1, confirmed: 1, completed: 1 });
  }
});

import { expect } from "vitest";
import type { FaultName } from "../../harness/history/event.ts";
import type { Verdict } from "../../harness/ledger/verdict.ts";
import { experiment } from "../../harness/scenario/experiment.ts";
import type { Rig } from "../../harness/scenario/rig.ts";
import { laneBroker } from "../../harness/vitest.ts";

export type Judged = Pick<Verdict, "outcome" | "account"> & { convictions: string[] };

/** What the ledger says of an experiment by its own standard: nothing lost, doubled or left. */
export async function judge(
  fault: FaultName | "none",
  body: (rig: Rig) => Promise<void>,
): Promise<Judged> {
  let verdict: Verdict | undefined;
  const title = expect.getState().currentTestName ?? "experiment";
  const broker = await laneBroker();
  const options = { broker, queueType: "classic", fault, title, rerun: "npm test" } as const;
  const done = await experiment(options, async ({ rig }) => {
    await body(rig);
    verdict = await rig.conclude();
  });
  if (!verdict) throw done.error;
  const { outcome, account } = verdict;
  const convictions = verdict.convictions.map(({ sentence }) => sentence);
  return { outcome, account, convictions };
}

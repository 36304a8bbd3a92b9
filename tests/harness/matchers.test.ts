/** What `expect` says of a rig, a verdict, an account and an audit: each message whole. */
import { describe, expect, test } from "vitest";
import { Ledger } from "../../harness/ledger/ledger.ts";
import type { Rig } from "../../harness/testing.ts";
import "../../harness/testing.ts";
import { readHistory, readVerdict } from "./ledger/saved-histories.ts";
import { anAudit, aTrial, brokenAudit, control } from "./report/audit-results.ts";

/** A rig that has come to its end: what matchers ask of one. */
function rigOf(name: string): Rig {
  const ledger = new Ledger();
  const history = readHistory(name);
  for (const event of history) ledger.add(event);
  const verdict = ledger.verdict();
  const life = (task: string) => ledger.life(task);
  return { history, verdict, conclude: async () => verdict, life } as unknown as Rig;
}

/** What an assertion fails with; nothing if it does not. */
async function failure(assert: () => unknown): Promise<string> {
  try {
    await assert();
    return "it passes";
  } catch (error) {
    return (error as Error).message;
  }
}

test("each passes on what it asks for, and behind `not` on what it does not", async () => {
  const whole = { published: 1, confirmed: 1, completed: 1 };
  for (const held of [readVerdict("completed"), anAudit()]) {
    expect(held).toLoseNothing();
    expect(held).toHold();
  }
  expect(readVerdict("completed")).toHaveAccount(whole);
  expect(whole).toHaveAccount({ ...whole, lost: 0 });
  expect(whole).toLoseNothing();
  await expect(rigOf("completed")).toLoseNothing();
  await expect(rigOf("completed")).toHaveAccount(whole);
  await expect(rigOf("completed")).toHold();
  for (const broken of [readVerdict("lost"), brokenAudit()]) {
    expect(broken).not.toLoseNothing();
    expect(broken).not.toHold();
  }
  await expect(rigOf("lost")).not.toHaveAccount(whole);
  await expect(rigOf("lost")).not.toLoseNothing();
});

describe("toLoseNothing", () => {
  test("counts of an account", async () => {
    const message = await failure(() => expect({ confirmed: 4, lost: 2 }).toLoseNothing());
    expect(message).toMatchInlineSnapshot(`"Expected no task to be lost, and 2 of 4 were."`);
  });

  test("names the tasks of a verdict", async () => {
    const message = await failure(() => expect(readVerdict("lost")).toLoseNothing());
    expect(message).toMatchInlineSnapshot(`"Expected no task to be lost, and 1 of 1 was: a."`);
  });

  test("tells the lives of a rig's", async () => {
    const message = await failure(() => expect(rigOf("lost")).toLoseNothing());
    expect(message).toMatchInlineSnapshot(`
      "Expected no task to be lost, and 1 of 1 was: a.
      a is lost:
         +2.0 ms  published by publisher to tasks
         +3.0 ms  confirmed to publisher
         +5.0 ms  delivered to worker-1 (tag 1)
         +6.0 ms  effect asked for by worker-1
         +7.0 ms  acked by worker-1 (tag 1)
         +8.0 ms  worker-kill of worker-1 (at after-ack)
         +9.0 ms  SIGKILL sent to worker-1
        +10.0 ms  worker-1 ended (SIGKILL)
        +11.0 ms  effect abandoned by worker-1"
    `);
  });

  test("says behind `not` that none was", async () => {
    const message = await failure(() => expect(rigOf("completed")).not.toLoseNothing());
    expect(message).toMatchInlineSnapshot(`"Expected a task to be lost, and none of 1 was."`);
  });

  test("tells an audit's trials and conviction", async () => {
    const message = await failure(() => expect(brokenAudit()).toLoseNothing());
    expect(message).toMatchInlineSnapshot(`
      "Expected no task to be lost, and 1 was in SIGKILL, mid-task.
      lost, in SIGKILL, mid-task:
        Lost: worker-1 acked 1 task (task-2) whose effect never happened. Ack only after the effect is done.
      task-2:
         +52.1 ms  published by publisher to tasks
         +60.9 ms  confirmed to publisher
         +61.0 ms  delivered to worker-1 (tag 1)
         +92.6 ms  acked by worker-1 (tag 1)
         +97.4 ms  effect asked for by worker-1
        +103.0 ms  worker-kill of worker-1 (at mid-task)
        +107.9 ms  effect abandoned by worker-1
      History: .ackproof/runs/20261122T100546-240a2c47
      Again: npx ackproof audit --seed 7 -- node worker.js"
    `);
  });

  test("counts the trials of an audit that lost none", async () => {
    const message = await failure(() => expect(anAudit()).not.toLoseNothing());
    expect(message).toMatchInlineSnapshot(
      `"Expected a task to be lost, and none was in 2 trials."`,
    );
  });
});

describe("toHaveAccount", () => {
  test("tells each line that differs, its tasks, and their lives", async () => {
    const message = await failure(() =>
      expect(rigOf("lost")).toHaveAccount({ published: 1, completed: 1 }),
    );
    expect(message).toMatchInlineSnapshot(`
      "Expected the account { published: 1, completed: 1 }, found { published: 1, confirmed: 1, lost: 1 }:
        confirmed: expected 0, found 1
        completed: expected 1, found 0
        lost: expected 0, found 1: a
      a is lost:
         +2.0 ms  published by publisher to tasks
         +3.0 ms  confirmed to publisher
         +5.0 ms  delivered to worker-1 (tag 1)
         +6.0 ms  effect asked for by worker-1
         +7.0 ms  acked by worker-1 (tag 1)
         +8.0 ms  worker-kill of worker-1 (at after-ack)
         +9.0 ms  SIGKILL sent to worker-1
        +10.0 ms  worker-1 ended (SIGKILL)
        +11.0 ms  effect abandoned by worker-1"
    `);
  });

  test("names the tasks of a verdict", async () => {
    const message = await failure(() =>
      expect(readVerdict("lost")).toHaveAccount({ published: 1, confirmed: 1 }),
    );
    expect(message).toMatchInlineSnapshot(`
      "Expected the account { published: 1, confirmed: 1 }, found { published: 1, confirmed: 1, lost: 1 }:
        lost: expected 0, found 1: a"
    `);
  });

  test("compares an account with none", async () => {
    const message = await failure(() => expect({ published: 1 }).toHaveAccount({}));
    expect(message).toMatchInlineSnapshot(`
      "Expected the account {}, found { published: 1 }:
        published: expected 0, found 1"
    `);
  });

  test("says behind `not` which it is", async () => {
    const message = await failure(() =>
      expect({ published: 1 }).not.toHaveAccount({ published: 1 }),
    );
    expect(message).toMatchInlineSnapshot(`"Expected any account but { published: 1 }."`);
  });
});

describe("toHold", () => {
  test("tells a rig's reasons and lives", async () => {
    const message = await failure(() => expect(rigOf("duplicated")).toHold());
    expect(message).toMatchInlineSnapshot(`
      "Expected a run that holds, and this one is broken: { published: 1, confirmed: 1, duplicated: 1 }.
        Duplicated: worker-1 did 1 task (a) and lost its connection before the broker had its ack, so the broker delivered it again, and it was done again. Make the effect idempotent by the task's id.
      a is duplicated:
         +2.0 ms  published by publisher to tasks
         +3.0 ms  confirmed to publisher
         +4.0 ms  delivered to worker-1 (tag 1)
         +5.0 ms  effect asked for by worker-1
         +6.0 ms  effect done for worker-1
         +7.0 ms  connection-reset of worker-1
         +8.0 ms  connection of worker-1 closed by the link (without farewell)
        +10.0 ms  delivered to worker-1 (tag 1, redelivered)
        +11.0 ms  effect asked for by worker-1
        +12.0 ms  effect done for worker-1
        +13.0 ms  acked by worker-1 (tag 1)"
    `);
  });

  test("says behind `not` what held", async () => {
    const message = await failure(() => expect(readVerdict("completed")).not.toHold());
    expect(message).toMatchInlineSnapshot(
      `"Expected a run that does not hold, and this one holds: { published: 1, confirmed: 1, completed: 1 }."`,
    );
  });

  test("tells an audit's headline and convictions", async () => {
    const message = await failure(() => expect(brokenAudit()).toHold());
    expect(message).toMatchInlineSnapshot(`
      "Expected a worker that holds. BROKEN: 1 task was lost in 1 of 2 trials: \`node worker.js\` does not hold; besides, at risk.
      lost, in SIGKILL, mid-task:
        Lost: worker-1 acked 1 task (task-2) whose effect never happened. Ack only after the effect is done.
      task-2:
         +52.1 ms  published by publisher to tasks
         +60.9 ms  confirmed to publisher
         +61.0 ms  delivered to worker-1 (tag 1)
         +92.6 ms  acked by worker-1 (tag 1)
         +97.4 ms  effect asked for by worker-1
        +103.0 ms  worker-kill of worker-1 (at mid-task)
        +107.9 ms  effect abandoned by worker-1
      at risk, in 2 trials: no fault; SIGKILL, mid-task:
        worker-1 acked 20 tasks before the effect was done: a death in between loses what the broker has already forgotten. Ack only after the effect is done.
      task-1:
        +41.0 ms  published by publisher to tasks
        +52.0 ms  acked by worker-1 (tag 1)
      History: .ackproof/runs/20261122T100546-240a2c47
      Again: npx ackproof audit --seed 7 -- node worker.js"
    `);
  });

  test("says behind `not` what an audit found", async () => {
    const message = await failure(() => expect(anAudit()).not.toHold());
    expect(message).toMatchInlineSnapshot(`
      "Expected a worker that does not hold. HELD: No task was lost or done twice in 2 trials with 1 fault: \`node worker.js\` holds.
      History: .ackproof/runs/20261122T100546-240a2c47
      Again: npx ackproof audit --seed 7 -- node worker.js"
    `);
  });
});

describe("what proves nothing is neither", () => {
  const vague = { ...readVerdict("completed"), outcome: "inconclusive", reasons: ["No."] } as const;
  const doubtful = anAudit({ outcome: "inconclusive", doubts: ["No."] });
  const unseen = { ...readVerdict("completed"), effects: "unobserved" } as const;
  const blind = anAudit({ observed: { effects: false } });
  const idle = anAudit({ trials: [control] });
  const unproven = anAudit({ trials: [control, aTrial({ outcome: "not-applicable" })] });
  const NOBODY = "inconclusive: effects were not observed, so nobody can tell that nothing is lost";
  const NO_FAULT = "inconclusive: no trial with a fault took place, so nothing is proven";
  test.each([
    ["a doubtful verdict", vague, "inconclusive: No."],
    ["a doubtful audit", doubtful, "inconclusive: No."],
    ["a verdict on effects that nobody saw", unseen, NOBODY],
    ["an audit of effects that nobody saw", blind, NOBODY],
    ["an audit without a fault", idle, NO_FAULT],
    ["an audit whose faults did not apply", unproven, NO_FAULT],
  ])("%s", async (_, received, message) => {
    expect(await failure(() => expect(received).toLoseNothing())).toBe(message);
    expect(await failure(() => expect(received).not.toLoseNothing())).toBe(message);
  });

  test.each([vague, doubtful])("neither held nor not, %#", async (received) => {
    expect(await failure(() => expect(received).toHold())).toBe("inconclusive: No.");
    expect(await failure(() => expect(received).not.toHold())).toBe("inconclusive: No.");
  });
});

test("what is none of these is refused, also behind `not`", async () => {
  const lines =
    "(published, confirmed, returned, refused, unknown, completed, duplicated, parked, discarded, remaining, lost, unexpected, recovered)";
  const takes = "toLoseNothing takes a rig, a verdict, an account or an audit's result";
  expect(await failure(() => expect(7).not.toLoseNothing())).toBe(`${takes}, not 7.`);
  expect(await failure(() => expect({ loss: 1 }).toLoseNothing())).toBe(
    `${takes}: "loss" is no line of an account. ${lines}`,
  );
  const typo = { complete: 1 } as object;
  expect(await failure(() => expect({}).not.toHaveAccount(typo))).toBe(
    `toHaveAccount expects an account: "complete" is no line of an account. ${lines}`,
  );
  expect(await failure(() => expect({ lost: 1 }).toHold())).toBe(
    "toHold takes a rig, a verdict or an audit's result.",
  );
});

/** What the page shows, drawn from events alone. */
import { describe, expect, test } from "vitest";
import type { Event, Ids } from "../../../../harness/history/event.ts";
import { judge } from "../../../../harness/ledger/ledger.ts";
import { clean, cleaned } from "../../../../harness/report/html/view/clean.ts";
import { experimentView, type Limits } from "../../../../harness/report/html/view/experiment.ts";
import { failureFrom } from "../../../../harness/report/html/view/failure.ts";
import { logView } from "../../../../harness/report/html/view/log.ts";
import { Ids as Series } from "../../../../harness/report/html/view/series.ts";
import { Story } from "../../ledger/history-builder.ts";
import { loss, well } from "./saved-run.ts";

const ROOMY: Limits = { lives: 100, events: 1_000, wanted: [] };

const BARE = { title: "it", verdict: undefined, facts: [], logs: () => [], onGap: () => {} };

function viewOf({ events }: Story, limits = ROOMY) {
  const verdict = judge(events);
  return experimentView({ ...BARE, events: () => events, verdict }, limits);
}

describe("lanes", () => {
  test("lead from the broker over publisher and queues to the workers with their channels", () => {
    const lanes = viewOf(loss()).lanes.map(({ kind, name }) => `${kind} ${name}`);
    expect(lanes).toEqual([
      "broker broker",
      expect.stringMatching(/^channel publisher/),
      "queue tasks",
      expect.stringMatching(/^channel worker-1/),
      "process worker-1",
      expect.stringMatching(/^channel worker-2/),
      "process worker-2",
    ]);
  });

  test("end where their process did, and say how", () => {
    const { lanes, faults } = viewOf(loss());
    const process = lanes.find(({ kind, name }) => kind === "process" && name === "worker-1");
    expect(process?.spans).toEqual([
      { from: 3, to: expect.any(Number), state: "up", end: "SIGKILL" },
    ]);
    expect(process?.spans[0]?.to).toBeGreaterThan(faults[0]?.from ?? 0);
  });

  test("of a broker that stands still are paused meanwhile", () => {
    const story = new Story()
      .brokerUp("one")
      .tells({ type: "broker-paused", boot: "one" })
      .waits(50)
      .tells({ type: "broker-resumed", boot: "one" });
    expect(viewOf(story).lanes[0]?.spans).toEqual([
      { from: 1, to: 2, state: "up" },
      { from: 2, to: 53, state: "paused" },
      { from: 53, to: 53, state: "up" },
    ]);
  });
});

describe("faults", () => {
  test("last until their witness has seen them", () => {
    expect(viewOf(loss()).faults).toEqual([
      {
        injection: 1,
        fault: "worker-kill",
        target: "worker-1",
        moment: "mid-task",
        task: "done-1",
        from: 13,
        to: 16,
        evidence: expect.any(String),
      },
    ]);
  });

  test("last until they are healed, where they are", () => {
    const story = new Story()
      .injects("stall", "worker-1")
      .waits(100)
      .tells({ type: "fault-healed", fault: "stall", injection: 1 })
      .witnesses("stall");
    expect(viewOf(story).faults).toMatchObject([{ from: 1, to: 102 }]);
  });

  test("of the broker last until it is up again", () => {
    const story = new Story()
      .brokerUp("one")
      .injects("broker-kill", "broker")
      .brokerDown("one")
      .witnesses("broker-kill")
      .waits(500)
      .brokerUp("two");
    expect(viewOf(story).faults).toMatchObject([{ from: 2, to: 505 }]);
  });

  test("without a witness have no evidence", () => {
    const story = new Story().injects("stall", "worker-1");
    expect(viewOf(story).faults[0]?.evidence).toBeNull();
  });
});

describe("what is done on purpose and is no injected fault", () => {
  const adversitiesOf = (story: Story) => viewOf(story).adversities;

  test("is a task that nobody can do, and how often its effect was refused", () => {
    const story = new Story().poisons("bad-1");
    expect(adversitiesOf(story)).toEqual(["Made so that nobody can do it: 1 task (bad-1)."]);
    expect(adversitiesOf(story.fails("worker-1", "bad-1").fails("worker-1", "bad-1"))).toEqual([
      "Made so that nobody can do it: 1 task (bad-1). Its effect was refused 2 times.",
    ]);
  });

  test("is an effect that failed for a moment", () => {
    const story = new Story().fails("worker-1", "a", 503).does("worker-1", "a");
    expect(adversitiesOf(story)).toEqual([
      "Made to fail, as by an API that is overloaded: 1 task (a). Its effect was refused 1 time.",
    ]);
    expect(adversitiesOf(story.fails("worker-1", "b", 503))).toEqual([
      "Made to fail, as by an API that is overloaded: 2 tasks (a, b). Their effects were refused 2 times.",
    ]);
  });

  test("is nothing where a worker asked for what nobody could give it", () => {
    expect(adversitiesOf(new Story().fails("worker-1", "wrong-key"))).toEqual([]);
    expect(adversitiesOf(loss())).toEqual([]);
  });
});

describe("lives", () => {
  test("those that went wrong come first, each with what befell it", () => {
    const { lives, events } = viewOf(loss());
    expect(lives.map(({ task, fate }) => [task, fate])).toEqual([
      ["lost-1", "lost"],
      ["done-1", "completed"],
    ]);
    const life = lives[1]?.events.map((index) => events[index]?.type);
    expect(life).toEqual([
      "published",
      "publish-confirmed",
      "delivered",
      "effect-requested",
      "fault-injected",
      "process-signalled",
      "process-exited",
      "connection-closed",
      "effect-abandoned",
      "delivered",
      "effect-requested",
      "effect-done",
      "acked",
    ]);
  });

  test("have what struck their worker, however little room there is for other events", () => {
    const { lives, events } = viewOf(loss(), { ...ROOMY, events: 0 });
    const types = lives[1]?.events.map((index) => events[index]?.type);
    expect(types).toEqual(expect.arrayContaining(["process-signalled", "process-exited"]));
  });

  test("are few where many went well; all others are counted", () => {
    const story = well(500)
      .stores("lost-1")
      .delivers("lost-1", "worker-1")
      .acks("worker-1", "lost-1");
    const { lives, rest, events } = viewOf(story, { ...ROOMY, lives: 10 });
    expect(lives.map(({ task }) => task)).toEqual(["lost-1", ...first(5)]);
    expect(rest).toMatchObject({
      tasks: 495,
      series: [{ prefix: "task-", from: 6, to: 500 }],
      ids: [],
      unlisted: 0,
      untoward: 0,
    });
    expect(events.length).toBeLessThan(60);
    const counted = rest.density.flatMap(({ counts }) => counts.filter((_, at) => at % 2 === 1));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(495 * 6);
  });

  test("that are asked for are told, whatever the room", () => {
    const { lives } = viewOf(well(500), { ...ROOMY, lives: 10, wanted: ["task-400", "nobody"] });
    expect(lives[0]?.task).toBe("task-400");
    expect(lives.some(({ task }) => task === "nobody")).toBe(false);
  });

  test("of many that went wrong, as many as there is room for, and the rest is said", () => {
    const story = new Story().declares();
    for (let n = 1; n <= 50; n++) story.stores(`task-${n}`);
    const { lives, rest } = viewOf(story, { ...ROOMY, lives: 20 });
    expect(lives).toHaveLength(25);
    expect(rest).toMatchObject({ tasks: 25, untoward: 25 });
  });

  test("share an ack that names many; those that are not told are only counted in it", () => {
    const story = well(50).tells({
      type: "acked",
      tasks: ["task-1", "task-30", "task-31"],
      tag: 50,
      multiple: true,
      subject: "worker-1",
      connection: 1,
      channel: 1,
    });
    const { events } = viewOf(story, { ...ROOMY, lives: 3 });
    expect(events.at(-1)).toMatchObject({ tasks: ["task-1"], others: 2 });
  });
});

test("a compacted history tells of what went well by number, and of one that is asked for", () => {
  const batch = { publisher: "publisher", target: "tasks", mandatory: true, worker: "worker-1" };
  const ids = ["single", ["task-", 10, 19]] satisfies Ids[];
  const story = new Story()
    .declares()
    .starts("worker-1")
    .tells({ type: "tasks-completed", completed: [{ ...batch, queue: "tasks", ids }], omits: 66 });
  const { lives, rest, events } = viewOf(story, { ...ROOMY, wanted: ["task-12"] });
  expect(rest).toMatchObject({
    tasks: 10,
    series: [{ prefix: "task-", from: 10, to: 19 }],
    ids: ["single"],
  });
  expect(rest.density.flatMap(({ counts }) => counts[1])).toEqual([11, 11]);
  expect(lives).toMatchObject([{ task: "task-12", events: [events.length - 1] }]);
  expect(events.at(-1)).toMatchObject({ completed: [{ ids: ["task-12"] }] });
});

test("what the ledger can't judge is said, and shown all the same", () => {
  const events = [{ seq: 1, at: 1, type: "published", task: "a" }] as unknown as Event[];
  const gaps: string[] = [];
  const found = { ...BARE, events: () => events, onGap: (gap: string) => gaps.push(gap) };
  expect(experimentView(found, ROOMY)).toMatchObject({ outcome: "unfinished", account: {} });
  expect(gaps).toEqual([expect.stringContaining("can't be judged")]);
});

test("without a verdict, the history is judged", () => {
  const { events } = loss();
  const view = experimentView({ ...BARE, fault: "worker-kill", events: () => events }, ROOMY);
  expect(view).toMatchObject({ outcome: "broken", account: { published: 2, lost: 1 } });
});

describe("ids in little space", () => {
  const kept = (...ids: string[]) => {
    const all = new Series();
    for (const id of ids) all.add(id);
    return all.result();
  };

  test("count up in series, also in turns", () => {
    expect(kept("a-1", "b-7", "a-2", "b-8", "a-9").series).toEqual([
      { prefix: "a-", from: 1, to: 2 },
      { prefix: "b-", from: 7, to: 8 },
    ]);
  });

  test("of no series are a list, as they were", () => {
    const ids = ["a-9", "x", "", "07", "9".repeat(40), "a\n1"];
    expect(kept(...ids).ids.toSorted()).toEqual(ids.toSorted());
  });

  test("none is forgotten without being counted", () => {
    const { ids, unlisted } = kept(...Array.from({ length: 20_000 }, (_, n) => `${n}-x`));
    expect(ids.length + unlisted).toBe(20_000);
    expect(unlisted).toBeGreaterThan(0);
  });
});

describe("logs", () => {
  const BEGAN = Date.parse("2026-11-22T10:00:00Z");

  test("stand at their own times; what follows a line without one belongs to it", () => {
    const text = "2026-11-22 10:00:01.5+00:00 [info] up\n  more\n2026-11-22T11:00:02+01:00 later\n";
    expect(logView("broker", text, BEGAN, [0, 5_000])).toEqual({
      name: "broker",
      lines: [
        [1_500, "2026-11-22 10:00:01.5+00:00 [info] up"],
        [1_500, "  more"],
        [2_000, "2026-11-22T11:00:02+01:00 later"],
      ],
      omitted: 0,
      timed: true,
    });
  });

  test("from before and after are left out, and counted", () => {
    const text = "2026-11-22 09:00:00 old\n2026-11-22 10:00:01 now\n2026-11-22 12:00:00 new";
    expect(logView("broker", text, BEGAN, [0, 5_000])).toMatchObject({
      lines: [[1_000, "2026-11-22 10:00:01 now"]],
      omitted: 2,
    });
  });

  test("without times are there as a whole, up to a limit", () => {
    const text = Array.from({ length: 5_000 }, (_, n) => `line ${n}`).join("\n");
    const { lines, omitted, timed } = logView("worker", text, BEGAN, [0, 5_000]);
    expect(timed).toBe(false);
    expect(lines.at(0)).toEqual([null, "line 0"]);
    expect(lines.at(-1)).toEqual([null, "line 4999"]);
    expect(lines.length + omitted).toBe(5_000);
  });
});

describe("a text by others", () => {
  test.each([
    ["amqp://me:pass@host/x", "amqp://me:***@host/x"],
    ["at amqps://a:b:c@d@host now", "at amqps://a:***@host now"],
    ['{"password":"x y"}', '{"password":***}'],
    ["PGPASSWORD=hunter2 node", "PGPASSWORD=*** node"],
    ["authorization: Basic Zm9v", "authorization: Basic ***"],
    ["run --api-token abc --x", "run --api-token *** --x"],
    ["the token was passed on", "the token was passed on"],
    // A password may hold anything: rather a path is covered than one of those told.
    ["http://host:80/a@b", "http://host:***@b"],
  ])("%j reads %j", (text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  test("is cut where nobody would read on, and never within a secret", () => {
    const text = `${"x".repeat(1_980)} amqp://me:secret-that-is-cut@host`;
    expect(clean(text)).not.toContain("sec");
    expect(clean("y".repeat(3_000))).toMatch(/^y{2000}… \(1,000 more characters\)$/);
  });

  test("is clean at every depth, and an argument after its flag, too", () => {
    const value = { command: ["x", "--password", "secret"], "\u001b": { deep: ["\u202e"] } };
    expect(cleaned(value)).toEqual({
      command: ["x", "--password", "***"],
      "\\x1b": { deep: ["\\u202e"] },
    });
  });
});

describe("a saved failure", () => {
  test("of two accounts names the lines in which they differ", () => {
    const saved = {
      outcome: "broken",
      reasons: ["expected { … } to deeply equal { … }"],
      expected: { published: 2, completed: 2 },
      actual: { published: 2, completed: 1, lost: 1 },
    };
    expect(failureFrom(saved)).toEqual({
      outcome: "broken",
      reasons: ["Expected 2 completed, found 1.", "Expected 0 lost, found 1."],
    });
  });

  test("of anything else says what it said", () => {
    const saved = { outcome: "broken", reasons: ["no"], expected: 1, actual: 2 };
    expect(failureFrom(saved)).toEqual({ outcome: "broken", reasons: ["no"] });
    expect(failureFrom({ reasons: 3 })).toBeUndefined();
  });
});

function first(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `task-${index + 1}`);
}

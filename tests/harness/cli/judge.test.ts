import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Interruption } from "../../../harness/cli/interruption.ts";
import { judgeAgain } from "../../../harness/cli/judge.ts";
import { SetupError } from "../../../harness/errors.ts";
import { page } from "../report/specs.ts";

const MANIFEST = {
  title: "A task is done · classic",
  fault: "none",
  broker: { image: "rabbitmq:4.3", version: "4.3.6" },
  startedAt: "2026-01-01T00:00:00.000Z",
};

const PUBLISHER = { subject: "publisher", connection: 1, channel: 1 };
const WORKER = { subject: "worker-1", connection: 2, channel: 1 };
const DECLARED = {
  type: "queue-declared",
  queue: "tasks",
  role: "work",
  durable: true,
  queueType: "classic",
  discards: [],
};
const PUBLISHED = {
  type: "published",
  task: "task-1",
  exchange: "",
  routingKey: "tasks",
  persistent: true,
  mandatory: true,
  tag: 1,
  ...PUBLISHER,
};
const CONFIRMED = {
  type: "publish-confirmed",
  tasks: ["task-1"],
  tag: 1,
  multiple: false,
  ...PUBLISHER,
};
const DELIVERED = {
  type: "delivered",
  task: "task-1",
  tag: 1,
  redelivered: false,
  noAck: false,
  queue: "tasks",
  consumer: "c",
  ...WORKER,
};
const EFFECT = { subject: "worker-1", task: "task-1", request: 1 };
const DONE = [
  { type: "effect-requested", ...EFFECT },
  { type: "effect-done", ...EFFECT },
];
const ACKED = { type: "acked", tasks: ["task-1"], tag: 1, multiple: false, ...WORKER };
const DRAINED = { type: "drain-finished", queue: "tasks", found: 0, gone: false };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ackproof-judge-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function save(facts: object[], manifest: object | string = MANIFEST, folder = directory): void {
  const text = typeof manifest === "string" ? manifest : JSON.stringify(manifest);
  writeFileSync(join(folder, "manifest.json"), text);
  const lines = facts.map((fact, index) => JSON.stringify({ seq: index + 1, at: index, ...fact }));
  writeFileSync(join(folder, "history.ndjson"), lines.map((line) => `${line}\n`).join(""));
}

async function judged() {
  const lines: string[] = [];
  const say = (line: string) => lines.push(...line.split("\n"));
  const outlook = { paper: page(), say, interruption: new Interruption() };
  return { code: await judgeAgain([directory], outlook), lines };
}

describe("a saved run", () => {
  test("that held", async () => {
    save([DECLARED, PUBLISHED, CONFIRMED, DELIVERED, ...DONE, ACKED, DRAINED]);
    expect(await judged()).toEqual({
      code: 0,
      lines: [
        "A task is done · classic",
        "RabbitMQ 4.3.6 (rabbitmq:4.3), fault: none, 2026-01-01T00:00:00.000Z",
        "",
        "1 published = 1 confirmed = 1 completed",
        "HELD",
      ],
    });
  });

  test("that broke tells why, and the lives of the tasks", async () => {
    save([DECLARED, PUBLISHED, CONFIRMED, DELIVERED, ACKED, DRAINED]);
    const { code, lines } = await judged();
    expect([code, lines[3], lines[4]]).toEqual([1, "1 published = 1 confirmed = 1 lost", "BROKEN"]);
    expect(lines).toContain("task-1 is lost:");
  });

  test("tells how long each fault kept the broker from serving anybody", async () => {
    const stall = { injection: 1, fault: "stall" };
    const injected = { type: "fault-injected", target: "publisher", moment: "now", task: null };
    const struck = { type: "impaired", harm: "stall", towards: "broker", bytes: 9, injection: 1 };
    const witnessed = { type: "fault-witnessed", evidence: "struck" };
    const faults = [
      { ...injected, ...stall },
      { ...struck, subject: "publisher", connection: 1 },
      { ...witnessed, ...stall },
    ];
    const late = { ...CONFIRMED, at: 2_300 };
    const rest = [DELIVERED, ...DONE, ACKED, DRAINED].map((fact) => ({ ...fact, at: 2_400 }));
    save([DECLARED, PUBLISHED, ...faults, late, ...rest], { ...MANIFEST, fault: "stall" });
    const { code, lines } = await judged();
    expect([code, lines[4]]).toEqual([0, "fault 1 (stall of publisher): no confirm for 2.3 s"]);
  });

  test("whose fault never landed proves nothing", async () => {
    const manifest = { ...MANIFEST, fault: "worker-kill" };
    save([DECLARED, PUBLISHED, CONFIRMED, DELIVERED, ...DONE, ACKED, DRAINED], manifest);
    const { code, lines } = await judged();
    expect([code, lines[4]]).toEqual([2, "INCONCLUSIVE"]);
  });
});

describe("an audit", () => {
  const HELD = [DECLARED, PUBLISHED, CONFIRMED, DELIVERED, ...DONE, ACKED, DRAINED];
  const LOST = [DECLARED, PUBLISHED, CONFIRMED, DELIVERED, ACKED, DRAINED];

  /** Saves trials by the names of their directories. */
  function audit(trials: Record<string, object[]>): void {
    writeFileSync(join(directory, "audit.json"), "{}");
    for (const [title, facts] of Object.entries(trials)) {
      const folder = join(directory, "trials", title);
      mkdirSync(folder, { recursive: true });
      save(facts, { ...MANIFEST, title }, folder);
    }
  }

  test("is judged trial by trial, and its exit code is the worst", async () => {
    audit({ "00-control": HELD, "02-sigkill": LOST, "03-cut": HELD });
    const { code, lines } = await judged();
    expect(code).toBe(1);
    expect(lines.filter((line) => /^(\d\d-|HELD|BROKEN)/.test(line))).toEqual([
      "00-control",
      "HELD",
      "02-sigkill",
      "BROKEN",
      "03-cut",
      "HELD",
    ]);
  });

  test("is not blamed for what its self-checks planted", async () => {
    audit({ "00-control": HELD, "01-self-check-a-planted-loss": LOST });
    expect((await judged()).code).toBe(0);
  });

  test("tells of a trial that was cut off, and judges the others", async () => {
    audit({ "00-cut": [], "01-whole": HELD });
    const { code, lines } = await judged();
    expect(code).toBe(3);
    expect(lines[0]).toMatch(/00-cut can't be judged\. .*history\.ndjson is empty/);
    expect(lines.at(-1)).toBe("HELD");
  });

  test("that ended before its first trial is refused, and says so", async () => {
    audit({});
    await expect(judged()).rejects.toThrow(/has no trials to judge/);
  });
});

describe("what is no whole run is refused", () => {
  const refusal = async () => {
    const error = await judged().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(SetupError);
    return (error as SetupError).message;
  };

  test("an empty directory", async () => {
    expect(await refusal()).toMatch(/no run directory: .*manifest\.json/);
  });

  test("a manifest that was cut off", async () => {
    save([DECLARED], '{"title": "A ta');
    expect(await refusal()).toMatch(/manifest\.json is not JSON of a run/);
  });

  test("a foreign manifest", async () => {
    save([DECLARED], { name: "web-app" });
    expect(await refusal()).toMatch(/is not the manifest of a run/);
  });

  test("a fault that nobody knows", async () => {
    save([DECLARED], { ...MANIFEST, fault: "toString" });
    expect(await refusal()).toMatch(/unknown fault, "toString"/);
  });

  test("an empty history", async () => {
    save([]);
    expect(await refusal()).toMatch(/history\.ndjson is empty/);
  });

  test("a history that was cut off", async () => {
    save([]);
    writeFileSync(join(directory, "history.ndjson"), '{"seq":1,"at":0,"type":"drai');
    expect(await refusal()).toMatch(/truncated/);
  });

  test("a history of something else", async () => {
    save([]);
    writeFileSync(join(directory, "history.ndjson"), '{"level":"info"}\n');
    expect(await refusal()).toMatch(/history\.ndjson:1 is not an event/);
  });

  test("a directory in place of the history", async () => {
    save([]);
    rmSync(join(directory, "history.ndjson"));
    mkdirSync(join(directory, "history.ndjson"));
    expect(await refusal()).toMatch(/no run directory: EISDIR/);
  });
});

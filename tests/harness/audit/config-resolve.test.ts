/** Which of several values counts, what it becomes, and what is refused. */
import { describe, expect, test } from "vitest";
import type { AuditConfig } from "../../../harness/audit/config/audit-config.ts";
import { resolve } from "../../../harness/audit/config/resolve.ts";
import { parseAudit } from "../../../harness/cli/audit-arguments.ts";
import { SetupError } from "../../../harness/errors.ts";
import { Folder } from "./config-in-node.ts";

const DEFAULTS = {
  command: ["./worker"],
  broker: undefined,
  queue: "tasks",
  queueType: "classic",
  exchange: "",
  routingKey: undefined,
  definitions: undefined,
  setup: undefined,
  effects: { kind: "sink" },
  id: "messageId",
  payload: '{"task":"{{id}}"}',
  contentType: "application/json",
  env: {},
  tasks: 10,
  workers: 2,
  seed: 1,
  duplicates: "forbid",
  exits: "forbid",
  allow: [],
  drain: 10_000,
  deliveries: 10,
  ready: 20_000,
  patience: 10_000,
  quick: false,
  only: undefined,
  json: undefined,
  junit: undefined,
  markdown: undefined,
};
const COMMAND = ["--", "./worker"];

/** Flags and variables, in a folder without a config. */
async function parsed(args: string[], environment: Record<string, string> = {}) {
  using folder = new Folder();
  const result = await parseAudit(args, { cwd: folder.path, environment });
  if ("help" in result) throw new Error("this is the help");
  return result;
}

async function refusal(args: string[], environment: Record<string, string> = {}) {
  const error = await parsed(args, environment).then(
    ({ resolved }) => JSON.stringify(resolved.options),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(SetupError);
  return (error as SetupError).message;
}

/** A config alone; it may hold what its type forbids. */
function configured(content: unknown, flags: Record<string, string[]> = {}) {
  const config = { name: "ackproof.config.ts", folder: "/app", content };
  const command = ["./worker"];
  return resolve({ flags, command, environment: {}, config, cwd: "/app" });
}

describe("values", () => {
  test("are the defaults where nothing is said", async () => {
    expect((await parsed(COMMAND)).resolved.options).toEqual(DEFAULTS);
  });

  test("are what all flags say", async () => {
    using folder = new Folder({ "task.json": '{"n":"{{id}}"}', "rabbit.json": "{}" });
    const flags =
      "--broker amqp://me@host/shop --queue jobs --queue-type quorum --exchange ex --routing-key k " +
      "--definitions rabbit.json --setup ./declare.sh --effects queue:done --id header:task " +
      "--payload @task.json --content-type text/plain --env A=1=2 --env B= --env HOME --tasks 20 " +
      "--workers 3 --seed 0 --duplicates allow --exits allow --drain 1.5m --deliveries 5 " +
      "--ready 500 --patience 7s --quick --only SIGKILL --json a.json --junit a.xml --markdown a.md --allow lost";
    const args = [...flags.split(" "), "--allow=drain failed, lost", "--", "x", "--quick"];
    const surroundings = { cwd: folder.path, environment: { HOME: "/me" } };
    const result = await parseAudit(args, surroundings);
    expect(result).toMatchObject({ verbose: false });
    expect("resolved" in result && result.resolved.options).toEqual({
      command: ["x", "--quick"],
      broker: "amqp://me@host/shop",
      queue: "jobs",
      queueType: "quorum",
      exchange: "ex",
      routingKey: "k",
      definitions: "rabbit.json",
      setup: "./declare.sh",
      effects: { kind: "queue", queue: "done" },
      id: "header:task",
      payload: '{"n":"{{id}}"}',
      contentType: "text/plain",
      env: { A: "1=2", B: "", HOME: "/me" },
      tasks: 20,
      workers: 3,
      seed: 0,
      duplicates: "allow",
      exits: "allow",
      allow: ["lost", "drain failed"],
      drain: 90_000,
      deliveries: 5,
      ready: 500,
      patience: 7000,
      quick: true,
      only: "SIGKILL",
      json: "a.json",
      junit: "a.xml",
      markdown: "a.md",
    });
  });
});

describe("values of a config", () => {
  test("are taken in their own shape", () => {
    const content: AuditConfig = {
      command: "never seen",
      effects: { probe: "./count.sh" },
      drain: "500ms",
      ready: 3000,
      allow: ["at risk"],
      env: { A: "1" },
      quick: true,
      tasks: undefined,
    };
    expect(configured(content).options).toEqual({
      ...DEFAULTS,
      effects: { kind: "probe", command: "./count.sh" },
      drain: 500,
      ready: 3000,
      allow: ["at risk"],
      env: { A: "1" },
      quick: true,
    });
  });

  test.each([
    ["node  worker.js", ["node", "worker.js"]],
    [
      ["node", "my worker.js"],
      ["node", "my worker.js"],
    ],
  ])("hold the command %j", (command, words) => {
    const config = { name: "c.json", folder: "/app", content: { command } };
    const given = { flags: {}, command: [], environment: {}, config, cwd: "/app" };
    expect(resolve(given).options.command).toEqual(words);
  });

  test("have paths from where they stand", async () => {
    using folder = new Folder({
      "conf/audit.json": JSON.stringify({
        payload: "@task.txt",
        definitions: "rabbit.json",
        json: "out.json",
      }),
      "conf/task.txt": "task {{id}}",
      "conf/rabbit.json": "{}",
    });
    const args = ["--config", "conf/audit.json", ...COMMAND];
    const result = await parseAudit(args, { cwd: folder.path, environment: {} });
    expect("resolved" in result && result.resolved.options).toEqual({
      ...DEFAULTS,
      payload: "task {{id}}",
      definitions: "conf/rabbit.json",
      json: "conf/out.json",
    });
  });
});

describe("of several places", () => {
  const config = JSON.stringify({ tasks: 3, workers: 3, seed: 3, env: { A: "c", B: "c" } });

  test("flags come first, then variables, then the config, then the defaults", async () => {
    using folder = new Folder({ "ackproof.config.json": config });
    const environment = { ACKPROOF_TASKS: "2", ACKPROOF_WORKERS: "2", ACKPROOF_QUEUE_TYPE: "" };
    const args = ["--tasks", "1", "--env", "A=f", ...COMMAND];
    const result = await parseAudit(args, { cwd: folder.path, environment });
    if ("help" in result) throw new Error("this is the help");
    const { options, sources, config: name } = result.resolved;
    const env = { A: "f", B: "c" };
    expect(options).toEqual({ ...DEFAULTS, tasks: 1, workers: 2, seed: 3, env });
    expect(name).toBe("ackproof.config.json");
    expect(sources).toMatchObject({
      tasks: { from: "flag", place: "--tasks", texts: ["1"] },
      workers: { from: "environment", place: "ACKPROOF_WORKERS", texts: ["2"] },
      seed: { from: "config", place: "ackproof.config.json" },
      queueType: { from: "default", place: "default" },
      command: { from: "flag", place: "the command line" },
    });
  });

  test.each([
    [{ RABBITMQ_IMAGE: "rabbitmq:4.0" }, "rabbitmq:4.0", "RABBITMQ_IMAGE"],
    [{ RABBITMQ_IMAGE: "rabbitmq:4.0", ACKPROOF_BROKER: "4.2" }, "4.2", "ACKPROOF_BROKER"],
  ])("the broker is from %j", async (environment, broker, place) => {
    const { options, sources } = (await parsed(COMMAND, environment)).resolved;
    expect([options.broker, sources.broker.place]).toEqual([broker, place]);
  });

  test.each([
    [["--no-quick"], { ACKPROOF_QUICK: "1" }, false],
    [[], { ACKPROOF_QUICK: "1" }, true],
    [[], { ACKPROOF_QUICK: "no" }, false],
    [["--quick"], { ACKPROOF_QUICK: "0" }, true],
  ])("a switch is %j after %j", async (flags, environment, quick) => {
    expect((await parsed([...flags, ...COMMAND], environment)).resolved.options.quick).toBe(quick);
  });
});

const NUMBER = "a whole number from 1 to 10000";
const URL_OR = "a series such as 4.0, an image, or an amqp:// URL";
const TIME = "a time such as 500ms, 10s or 2m, from 1 ms to 10 minutes";
const VARIABLES =
  "variables with a name and a text each, NAME=value, or NAME of one that is set here";

describe("a flag", () => {
  test.each([
    [["--tasks", "0"], `--tasks is ${NUMBER}, not 0.`],
    [["--tasks", "10001"], `--tasks is ${NUMBER}, not 10001.`],
    [["--tasks", "1.5"], `--tasks is ${NUMBER}, not 1.5.`],
    [["--tasks", "ten"], `--tasks is ${NUMBER}, not "ten".`],
    [["--tasks="], `--tasks is ${NUMBER}, not "".`],
    [["--workers", "21"], "--workers is a whole number from 1 to 20, not 21."],
    [["--deliveries", "0"], "--deliveries is a whole number from 1 to 1000, not 0."],
    [["--seed=-1"], "--seed is a whole number from 0 to 2147483647, not -1."],
    [["--drain", "10h"], `--drain is ${TIME}, not "10h".`],
    [["--drain", "0"], `--drain is ${TIME}, not 0.`],
    [["--ready", "11m"], `--ready is ${TIME}, not "11m".`],
    [
      ["--queue-type", "quorom"],
      '--queue-type is classic or quorum, not "quorom". Did you mean quorum?',
    ],
    [["--duplicates", "maybe"], '--duplicates is forbid or allow, not "maybe".'],
    [["--exits", "alow"], '--exits is forbid or allow, not "alow". Did you mean allow?'],
    [["--queue="], '--queue is a queue\'s name, of at most 255 bytes, not "".'],
    [
      ["--queue", "amq.mine"],
      '--queue is a queue\'s name, of at most 255 bytes, not "amq.mine": names with amq. are the ' +
        "broker's own.",
    ],
    [
      ["--exchange", "ß".repeat(128)],
      `--exchange is an exchange's name, of at most 255 bytes, not "${"ß".repeat(79)}....`,
    ],
    [["--id", "body"], '--id is messageId, correlationId or header:<name>, not "body".'],
    [["--id", "header:"], '--id is messageId, correlationId or header:<name>, not "header:".'],
    [
      ["--id", "messageid"],
      '--id is messageId, correlationId or header:<name>, not "messageid". Did you mean messageId?',
    ],
    [
      ["--effects", "queue:"],
      "--effects is sink, log, none, probe (with a shell command) or queue (with the queue's name), " +
        'not "queue:".',
    ],
    [["--payload", "@no.txt"], /^--payload names a file that can't be read: ENOENT.*no\.txt'\.$/],
    [["--definitions", "no.json"], /^--definitions names a file that can't be read: ENOENT/],
    [["--only="], '--only is a part of the names of trials, not "".'],
    [["--env", "=1"], `--env is ${VARIABLES}.`],
    [["--env", "NOT_SET_HERE"], `--env is ${VARIABLES}.`],
    [["--env", "QUEUE=x"], /^--env is .*: the audit itself gives a worker AMQP_URL, QUEUE, /],
    [
      ["--allow", "losst"],
      /^--allow is a list of these: lost, .*, not "losst"\. Did you mean lost\?$/,
    ],
    [["--broker", "4.0 4.1"], `--broker is ${URL_OR}, not "4.0 4.1": it has a space or a comma.`],
    [
      ["--broker", "http://me:secret@host"],
      `--broker is ${URL_OR}, not "http://me:***@host": a broker that is there already is spoken to ` +
        "in AMQP 0-9-1.",
    ],
    [
      ["--broker", "amqps://me:secret@host"],
      `--broker is ${URL_OR}, not "amqps://me:***@host": TLS to the broker is not supported, name ` +
        "its amqp:// listener.",
    ],
    [
      ["--broker", "amqp://me:se/cr et@host"],
      `--broker is ${URL_OR}, not "amqp://me:***@host": its characters must be percent-encoded, ` +
        "and it must name a host.",
    ],
    [["--broker", "amqp:///vhost"], /percent-encoded, and it must name a host\.$/],
    [["--duplicate=allow"], "--duplicate is no flag: did you mean --duplicates?"],
    [["--duplicate", "allow"], "--duplicate is no flag: did you mean --duplicates?"],
    [["--nothing"], "--nothing is no flag. `npm run audit -- --help` says what there is."],
    [["--quick=false"], "--quick takes no value."],
    [["worker.js"], "worker.js stands alone: the worker's command follows `--`."],
    [["--tasks", "--quick"], "--tasks needs a value: --tasks <n>."],
    [["--allow", "lost", "--allow"], "--allow needs a value: --allow <conviction>."],
    [["--config"], "--config needs a value: --config <file>."],
    [["--config", "no.ts"], "--config names no.ts, and there is no such file."],
  ])("that can't be used is refused: %j", async (args, message) => {
    const said = await refusal([...args, ...COMMAND]);
    if (typeof message === "string") expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  test("whose file is too large is refused", async () => {
    using folder = new Folder({ "large.txt": "x".repeat(1024 * 1024 + 1) });
    const args = ["--payload", "@large.txt", ...COMMAND];
    await expect(parseAudit(args, { cwd: folder.path, environment: {} })).rejects.toThrow(
      new SetupError("--payload names large.txt, which is larger than 1 MiB."),
    );
  });
});

describe("a variable", () => {
  test.each([
    [{ ACKPROOF_TASKS: "x" }, `ACKPROOF_TASKS is ${NUMBER}, not "x".`],
    [{ ACKPROOF_QUICK: "maybe" }, 'ACKPROOF_QUICK is true or false, not "maybe".'],
    [{ ACKPROOF_TASK: "5" }, "ACKPROOF_TASK is no setting: did you mean ACKPROOF_TASKS?"],
    [
      { ACKPROOF_COMMAND: "a && b" },
      /^ACKPROOF_COMMAND is a command: .* no shell runs it, so give/,
    ],
  ])("that can't be used is refused: %j", async (environment, message) => {
    const args = "ACKPROOF_COMMAND" in environment ? [] : COMMAND;
    const said = await refusal(args, environment as Record<string, string>);
    if (typeof message === "string") expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  test("of another part, or of somebody else's, is left alone", async () => {
    const environment = { ACKPROOF_DIR: "x", ACKPROOF_RESULTS: "x", ACKPROOF_PART: "1" };
    const others = { ACKPROOF_HOUSE_RULES: "1", TASKS: "x" };
    const { resolved } = await parsed(COMMAND, { ...environment, ...others });
    expect(resolved.options).toEqual(DEFAULTS);
  });
});

describe("a config", () => {
  const FILE = "ackproof.config.ts";
  test.each([
    [{ taks: 5 }, `taks in ${FILE} is no setting: did you mean tasks?`],
    [{ verbose: true }, `verbose in ${FILE} is no setting.`],
    [{ tasks: "5" }, `tasks in ${FILE} is ${NUMBER}, not "5".`],
    [{ tasks: null }, `tasks in ${FILE} is ${NUMBER}, not null.`],
    [{ drain: "soon" }, `drain in ${FILE} is ${TIME}, not "soon".`],
    [{ allow: ["lost", "at rsk"] }, /^allow\.1 in .*, not "at rsk"\. Did you mean at risk\?$/],
    [{ env: { A: 1 } }, `env.A in ${FILE} is ${VARIABLES}.`],
    [{ effects: { queue: "q", more: 1 } }, /^effects in .* not \{"queue":"q","more":1\}\.$/],
    [["tasks"], `${FILE} exports no object of settings.`],
    [
      { effects: { queue: "tasks" } },
      "Effects are looked for in the queue tasks, which tasks are in: name the queue that the " +
        "worker publishes to.",
    ],
    [
      { routingKey: "other" },
      'The routing key "other" needs an exchange: the default exchange brings tasks to a queue by ' +
        "its name, which is tasks.",
    ],
    [
      { json: "same", junit: "same" },
      "The result can't be JSON and JUnit XML in the same file, same.",
    ],
    [
      { junit: "same", markdown: "same" },
      "The result can't be JUnit XML and Markdown in the same file, same.",
    ],
  ])("that can't be used is refused: %j", (content, message) => {
    const refused = () => configured(content);
    expect(refused).toThrow(SetupError);
    if (typeof message === "string") expect(refused).toThrow(new SetupError(message));
    else expect(refused).toThrow(message);
  });
});

test("what there is to refuse is told at once", async () => {
  using folder = new Folder({ "ackproof.config.json": '{ "seed": "x", "taks": 1 }' });
  const surroundings = { cwd: folder.path, environment: { ACKPROOF_WORKERS: "many" } };
  await expect(parseAudit(["--tsks", "5", "--drain", "x"], surroundings)).rejects.toThrow(
    new SetupError(
      [
        "6 settings can't be used:",
        "--tsks is no flag: did you mean --tasks?",
        "taks in ackproof.config.json is no setting: did you mean tasks?",
        'seed in ackproof.config.json is a whole number from 0 to 2147483647, not "x".',
        'ACKPROOF_WORKERS is a whole number from 1 to 20, not "many".',
        `--drain is ${TIME}, not "x".`,
        "Give the command of the worker: `npm run audit -- -- <command>`, or as `command` in " +
          "ackproof.config.json.",
      ].join("\n  "),
    ),
  );
});

test("two configs are one too many", async () => {
  using folder = new Folder({ "ackproof.config.json": "{}", "ackproof.config.mjs": "" });
  await expect(parseAudit(COMMAND, { cwd: folder.path, environment: {} })).rejects.toThrow(
    new SetupError(
      "There are ackproof.config.mjs and ackproof.config.json: keep one of them, or name it by --config.",
    ),
  );
});

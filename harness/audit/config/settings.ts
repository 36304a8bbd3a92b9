import * as v from "valibot";
import { QUEUE_TYPES } from "../../report/families.ts";
import * as schemas from "./schemas.ts";
import type { AnySetting, Key, Setting, Settings } from "./setting.ts";
import { choice, count, NOTHING, OUTPUT_FILE, orElse, TIME } from "./shapes.ts";
import { shellLine } from "./shell.ts";
import * as texts from "./texts.ts";
import { withoutPassword } from "./without-password.ts";

/** The one table of what can be set. Flags, variables, the help and the checks are made of it. */
export const SETTINGS: Settings = {
  command: {
    group: "The worker",
    help: "the worker's command",
    allowed: "a command: a list of words, or a text that is split at its spaces",
    fallback: [],
    schema: schemas.command,
    show: (words) => texts.textShown(shellLine(words)),
    flag: false,
  },
  effects: {
    group: "The worker",
    argument: "<where>",
    help: "sink, log, none, probe:<command>, queue:<name>",
    allowed: "sink, log, none, probe (with a shell command) or queue (with the queue's name)",
    fallback: { kind: "sink" },
    example: '"sink"',
    comment:
      'where work is seen; or "log", "none", { probe: "<shell command>" }, { queue: "<name>" }',
    schema: schemas.effects,
    fromText: texts.effectsFrom,
    show: texts.effectsShown,
    choices: ["sink", "log", "none"],
  },
  env: {
    group: "The worker",
    argument: "<NAME=value>",
    help: "a variable for the worker, or NAME to pass one on; repeatable",
    allowed: "variables with a name and a text each, NAME=value, or NAME of one that is set here",
    fallback: {},
    comment: "variables for the worker",
    example: '{ LOG_LEVEL: "debug" }',
    schema: schemas.env,
    fromTexts: texts.variablesFrom,
    // Values may be secrets.
    show: (value) => Object.keys(value).join(", ") || "none",
    variable: false,
  },
  broker: {
    group: "The broker and its queue",
    argument: "<which>",
    help: "a series (4.0), an image, or an amqp:// URL",
    allowed: "a series such as 4.0, an image, or an amqp:// URL",
    fallback: undefined,
    example: '"4.0"',
    schema: schemas.broker,
    show: orElse("the prepared image"),
    alsoVariable: "RABBITMQ_IMAGE",
  },
  queue: {
    group: "The broker and its queue",
    argument: "<name>",
    help: "the queue that the worker consumes from",
    allowed: "a queue's name, of at most 255 bytes",
    fallback: "tasks",
    schema: schemas.queue,
    show: texts.textShown,
  },
  queueType: {
    ...choice(QUEUE_TYPES),
    group: "The broker and its queue",
    help: "its type",
    fallback: "classic",
  },
  exchange: {
    group: "The broker and its queue",
    argument: "<name>",
    help: "where tasks are published",
    allowed: "an exchange's name, of at most 255 bytes",
    fallback: "",
    example: '"jobs"',
    schema: schemas.nameOrNone,
    show: (value) => texts.textShown(value) || "the default exchange",
  },
  routingKey: {
    group: "The broker and its queue",
    argument: "<key>",
    help: "the routing key of tasks",
    allowed: "a routing key, of at most 255 bytes",
    fallback: undefined,
    example: '"jobs.mail"',
    schema: schemas.nameOrNone,
    show: orElse("the queue's name"),
  },
  definitions: {
    group: "The broker and its queue",
    argument: "<file>",
    help: "RabbitMQ definitions (JSON) to declare instead of the queue",
    allowed: "the path of a file",
    fallback: undefined,
    example: '"definitions.json"',
    schema: schemas.text,
    show: NOTHING,
    path: "whole",
  },
  setup: {
    group: "The broker and its queue",
    argument: "<command>",
    help: "a shell command that declares the topology",
    allowed: "a shell command",
    fallback: undefined,
    example: '"./declare.sh"',
    schema: schemas.text,
    show: NOTHING,
  },
  tasks: { ...count(1, 10_000), group: "The tasks", help: "tasks in each trial", fallback: 10 },
  payload: {
    group: "The tasks",
    argument: "<text|@file>",
    help: "a task's content; {{id}} stands for its id",
    allowed: "a text of at most 1 MiB, or @ and the path of a file with one",
    fallback: '{"task":"{{id}}"}',
    example: `'{"task":"{{id}}"}'`,
    schema: schemas.payload,
    show: (value) => texts.textShown(value) || "empty",
    path: "after @",
  },
  contentType: {
    group: "The tasks",
    argument: "<type>",
    help: "the content's type",
    allowed: "a content type, of at most 255 bytes",
    fallback: "application/json",
    schema: schemas.name,
    show: texts.textShown,
  },
  id: {
    group: "The tasks",
    argument: "<place>",
    help: "messageId, correlationId, header:<name>",
    allowed: "messageId, correlationId or header:<name>",
    fallback: "messageId",
    schema: schemas.id,
    show: texts.textShown,
    choices: ["messageId", "correlationId"],
  },
  seed: {
    ...count(0, 2_147_483_647),
    group: "The tasks",
    help: "what chance is drawn from, the same each time",
    fallback: 1,
  },
  workers: {
    ...count(1, 20),
    group: "The trials",
    help: "workers in a trial with peers",
    fallback: 2,
  },
  ready: {
    ...TIME,
    group: "The trials",
    help: "from a worker's start to its consumer, at most",
    fallback: 20_000,
    example: '"20s"',
  },
  drain: {
    ...TIME,
    group: "The trials",
    help: "from SIGTERM to the worker's exit, at most",
    fallback: 10_000,
    example: '"10s"',
  },
  patience: {
    ...TIME,
    group: "The trials",
    help: "a task is stuck when nothing has moved for this long",
    fallback: 10_000, // Clients commonly wait 5 s before they connect again.
    example: '"10s"',
  },
  quick: {
    group: "The trials",
    help: "only what matters most",
    allowed: "true or false",
    fallback: false,
    schema: v.boolean(),
    fromText: texts.switchFrom,
    show: String,
  },
  only: {
    group: "The trials",
    argument: "<text>",
    help: "only this trial, or all whose names contain it",
    allowed: "a part of the names of trials",
    fallback: undefined,
    example: '"SIGKILL"',
    schema: schemas.text,
    show: orElse("all trials"),
  },
  duplicates: {
    ...choice(["forbid", "allow"]),
    group: "What is accepted",
    help: "may a task be done twice?",
    fallback: "forbid",
  },
  exits: {
    ...choice(["forbid", "allow"]),
    group: "What is accepted",
    help: "may a fault end the worker?",
    fallback: "forbid",
  },
  deliveries: {
    ...count(1, 1000),
    group: "What is accepted",
    help: "deliveries of a task that can't be done, at most",
    fallback: 10,
  },
  allow: {
    group: "What is accepted",
    argument: "<conviction>",
    help: 'accept one, such as "unbounded prefetch"; repeatable',
    allowed: `a list of these: ${schemas.CONVICTION_KINDS.join(", ")}`,
    fallback: [],
    comment: "convictions that are accepted: told, and not counted",
    example: '["unbounded prefetch"]',
    schema: schemas.convictions as unknown as Settings["allow"]["schema"],
    fromTexts: texts.listFrom,
    show: (value) => value.join(", ") || "none",
    choices: schemas.CONVICTION_KINDS,
  },
  json: { ...OUTPUT_FILE, help: "write the result as JSON", example: '"audit.json"' },
  junit: { ...OUTPUT_FILE, help: "write the result as JUnit XML", example: '"audit.xml"' },
  markdown: { ...OUTPUT_FILE, help: "write the result as Markdown", example: '"audit.md"' },
};

export const KEYS = Object.keys(SETTINGS) as Key[];

/** A setting by its key, for what treats all alike. */
export function settingOf(key: Key): AnySetting {
  return SETTINGS[key] as Setting<never, never> as unknown as AnySetting;
}

/** A value for people; without a password. */
export function shown(key: Key, value: unknown): string {
  return withoutPassword(settingOf(key).show(value));
}

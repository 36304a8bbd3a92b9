import type { Message, Options } from "amqplib";
import { expect } from "vitest";
import { guarantee, limit, type SpecBody, type SpecOptions } from "../../harness/vitest.ts";

const FEATURE_FLAGS = "https://www.rabbitmq.com/docs/feature-flags#list-of-feature-flags";
const DOWNGRADES = "https://www.rabbitmq.com/docs/upgrade#downgrades";

/** 4.0 waits 10 times 30 seconds for its metadata to be ready, and exits then, unless told otherwise. */
const IMPATIENT = [
  "-rabbit khepri_leader_wait_retry_timeout 1000",
  "-rabbit khepri_leader_wait_retry_limit 3",
].join(" ");

/** For a promise about the way to one series, such as `4.3`. */
const only = (series: string) => (version: string) =>
  version.startsWith(`${series}.`) ? undefined : `this is about the way to ${series}`;

/** Everything that a task can carry, with values of its own. */
function everything(task: string): Options.Publish {
  const number = Number(task.replace("task-", ""));
  return {
    headers: {
      number,
      word: `word ${number}`,
      even: number % 2 === 0,
      share: number / 8,
      list: [number, "two"],
      nested: { number },
    },
    correlationId: `correlation of ${task}`,
    replyTo: `replies to ${task}`,
    type: "order",
    timestamp: 1_700_000_000 + number,
  };
}

// The release notes of 4.3 ask for a stop at 4.2 on the way. Debian's packages make none.
guarantee(
  "10,000 confirmed tasks survive an upgrade of the broker from 4.0 straight to 4.3: every one, in order, with its headers",
  { docs: "observed", fault: "upgrade", startsOn: "4.0", notApplicable: only("4.3") },
  async ({ rig, image }) => {
    const tasks = await rig.publish(10_000, { properties: everything });
    expect(await rig.broker.upgrade(image)).toBeUndefined();
    const found = rig.keepDrained();
    expect(await rig.account()).toEqual({
      published: 10_000,
      confirmed: 10_000,
      remaining: 10_000,
    });
    expect(found.map(carried)).toEqual(tasks.map(whole("tasks")));
  },
);

guarantee(
  "An exchange, its binding and a policy survive an upgrade of the broker from 4.0 straight to 4.3",
  {
    docs: "observed",
    fault: "upgrade",
    startsOn: "4.0",
    notApplicable: only("4.3"),
    queues: ["classic"],
  },
  async ({ rig, image }) => {
    await rig.declare("tasks", { discards: ["length-limit"] });
    const channel = await rig.channel("operator");
    await channel.assertExchange("work", "direct", { durable: true });
    await channel.bindQueue("tasks", "work", "key");
    await rig.policy("tasks", { "max-length": 3 });
    const before = await rig.publish(3, { exchange: "work", queue: "key" });
    expect(await rig.broker.upgrade(image)).toBeUndefined();
    const after = await rig.publish(2, { exchange: "work", queue: "key" });
    const remaining = [...before.slice(2), ...after];
    expect(await rig.fates()).toEqual({ discarded: before.slice(0, 2), remaining });
  },
);

// A refusal is about all of the data, and so each of these has a queue of either type.
for (const to of ["4.0", "4.3"]) {
  guarantee(
    `${to} refuses the data of 3.10 and harms none: back on 3.10 every task of a classic and a quorum queue is there, in order, with its headers`,
    { ...refusedBy(to), docs: FEATURE_FLAGS, startsOn: "3.10" },
    refused("required feature flag not enabled"),
  );
}

limit(
  "3.10 does not take the data of 4.0 and harms none: back on 4.0 every task of a classic and a quorum queue is there, in order, with its headers",
  { ...refusedBy("3.10"), docs: DOWNGRADES, startsOn: "4.0" },
  refused("schema_integrity_check_failed"),
);

limit(
  "4.0 waits in vain on the data of 4.3, ends without a reason and harms none: back on 4.3 every task of a classic and a quorum queue is there, in order, with its headers",
  { ...refusedBy("4.0"), docs: DOWNGRADES, startsOn: "4.3" },
  refused("exit:{error,timeout}", { RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: IMPATIENT }),
);

function refusedBy(series: string): Pick<SpecOptions, "fault" | "notApplicable" | "queues"> {
  return { fault: "upgrade", notApplicable: only(series), queues: ["classic"] };
}

/** An experiment in which the data are refused in these words, and taken again by whose they are. */
function refused(words: string, environment: Record<string, string> = {}): SpecBody {
  return async ({ rig, image }) => {
    await rig.declare("replicated", { type: "quorum" });
    const tasks = await rig.publish(100, { properties: everything });
    const replicated = await rig.publish(100, { queue: "replicated", properties: everything });
    const refusal = await rig.broker.upgrade(image, { environment });
    expect(refusal?.code).toBe(1);
    expect(refusal?.log).toContain(words);
    rig.notes.push(`the broker exits with 1: ${words}`);
    const found = rig.keepDrained();
    expect(await rig.account()).toEqual({ published: 200, confirmed: 200, remaining: 200 });
    const inQueue = Map.groupBy(found.map(carried), ({ queue }) => queue);
    expect(inQueue.get("tasks")).toEqual(tasks.map(whole("tasks")));
    expect(inQueue.get("replicated")).toEqual(replicated.map(whole("replicated")));
  };
}

/** Everything of a task that is drained from a queue. */
function whole(queue: string) {
  return (task: string) => ({ queue, task, ...everything(task) });
}

/** What a drained task carries. */
function carried({ content, fields, properties }: Message) {
  const { headers, correlationId, replyTo, type, timestamp } = properties;
  const { task } = JSON.parse(content.toString());
  return { queue: fields.routingKey, task, headers, correlationId, replyTo, type, timestamp };
}

/**
 * The correct subjects are correct: whatever happens to them, each task is done once, acked on the
 * channel that delivered it, and they come back.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { correct } from "../../../fixtures/subjects/expected.ts";
import { evaluate } from "../../../harness/broker/evaluate.ts";
import { binary } from "../../../harness/faults/erlang.ts";
import { within } from "../../../harness/until.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { Company, output, parked } from "./company.ts";
import { isInstalled } from "./installed.ts";

let company: Company;
/** Every task that could be done, so far. */
const published: string[] = [];

beforeAll(async () => {
  company = await Company.open(await laneBroker(), correct.filter(isInstalled));
  await company.start();
});

afterAll(async () => {
  await company.close();
});

const each = <T>(answer: (name: string) => T): Record<string, T> =>
  Object.fromEntries(company.names.map((name) => [name, answer(name)]));

async function publish(prefix: string, count: number): Promise<string[]> {
  const tasks = Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
  await company.publish(tasks);
  published.push(...tasks);
  return tasks;
}

/** Keeps every subject mid-task while something happens to it. */
async function midTask(prefix: string, happen: () => Promise<void>): Promise<void> {
  const since = company.history.events.length;
  company.effects.hold();
  const tasks = await publish(prefix, 3);
  try {
    await company.every("to be mid-task", (name) => company.effects.held(name) > 0);
    await happen();
  } finally {
    company.effects.release();
  }
  await company.acked(tasks, since);
  expect(doneTwice()).toEqual(each(() => []));
  expect(misdirected()).toEqual(each(() => []));
}

function doneTwice() {
  return each((name) => {
    const done = company.effects.done(name);
    return done.filter((task, index) => done.indexOf(task) !== index);
  });
}

/** Acks and rejections whose tag named nothing on its channel. */
function misdirected() {
  return each((name) =>
    [...company.seen(name, "acked"), ...company.seen(name, "rejected")].filter(
      ({ tasks }) => tasks.length === 0,
    ),
  );
}

/** Asks the broker's node for the channels on which the subjects consume. */
const CONSUMING = () =>
  `lists:usort([proplists:get_value(channel_pid, C) || C <- rabbit_amqqueue:consumers_all(${binary(company.vhost)})])`;

test.for(correct)("$name is among them", ({ name }, { skip }) => {
  skip(!company.names.includes(name), "what it needs is not installed");
});

test("they do and ack what can be done, reject what can't, and give back what fails", async () => {
  const done = await publish("task", 20);
  const later = ["busy-1", "dropped-1"];
  const never = ["hopeless-1", "poison-1"];
  await company.publish([...later, ...never]);
  published.push(...later);
  await company.acked([...done, ...later]);
  const rejected = (name: string) => company.seen(name, "rejected").flatMap(({ tasks }) => tasks);
  await company.every("to have rejected", (name) => never.every((t) => rejected(name).includes(t)));
  expect(each((name) => company.effects.done(name).toSorted())).toEqual(
    each(() => published.toSorted()),
  );
  expect(each((name) => rejected(name).toSorted())).toEqual(
    each(() => [...later, ...never].toSorted()),
  );
});

test("they have set a prefetch of 10", () => {
  expect(each((name) => company.seen(name, "consuming").map(({ prefetch }) => prefetch))).toEqual(
    each(() => [10]),
  );
});

test("they survive a reset of their connection", async () => {
  await midTask("reset", async () => {
    for (const subject of company.names) company.link.reset({ subject });
  });
});

test("they survive an operator who closes their connections", async () => {
  await midTask("closed", async () => {
    const close = `[rabbit_networking:close_connection(P, <<"operator">>) || P <-
      lists:usort([C || Ch <- ${CONSUMING()}, {connection, C} <- rabbit_channel:info(Ch, [connection])])].`;
    await evaluate(company.broker, close);
  });
});

test("they survive a channel that the broker closes", async () => {
  const since = company.history.events.length;
  await midTask("channel", async () => {
    // To the broker, an ack of a delivery that never was.
    const ack = `[rabbit_channel_common:do(Ch, {'basic.ack', 999999, false}) || Ch <- ${CONSUMING()}].`;
    await evaluate(company.broker, ack);
    await company.every("to lose its channel", (name) => {
      return company.seen(name, "channel-closed", since).some(({ code }) => code === 406);
    });
  });
  const closed = each((name) => company.seen(name, "channel-closed", since).length);
  expect(closed).toEqual(each(() => 1));
});

test("they survive the deletion of their queue, and consume from it once it is there again", async () => {
  const since = company.history.events.length;
  await company.operate(async (channel) => {
    for (const name of company.names) await channel.deleteQueue(name);
  });
  await company.every("to have asked for its queue in vain", (name) => {
    return company.seen(name, "channel-closed", since).some(({ code }) => code === 404);
  });
  for (const name of company.names) await company.declare(name);
  await midTask("redeclared", async () => {});
});

test("they survive a restart of the broker", async () => {
  await midTask("restarted", async () => {
    await company.broker.stop();
    await company.broker.start();
  });
});

test("they survive a pause for longer than their heartbeat", async () => {
  const since = company.history.events.length;
  await midTask("paused", async () => {
    for (const name of company.names) company.running(name).signal("SIGSTOP");
    await company.every("to be given up", (name) => {
      return company.seen(name, "connection-closed", since).length > 0;
    });
    for (const name of company.names) company.running(name).signal("SIGCONT");
  });
});

test("on SIGTERM they finish or give back what they hold, and exit with 0", async () => {
  company.effects.hold();
  const tasks = await publish("last", 15);
  await company.every("to be mid-task", (name) => company.effects.held(name) > 0);
  const since = company.history.events.length;
  for (const name of company.names) company.running(name).signal("SIGTERM");
  await company.every("to cancel its consumer", (name) => {
    return company.seen(name, "consumer-cancelled", since).length > 0;
  });
  company.effects.release();
  const exits = company.names.map((name) =>
    within(`${name} to exit`, company.running(name).exited),
  );
  const ended = await Promise.all(exits);
  expect(each((name) => ended[company.names.indexOf(name)])).toEqual(
    each(() => ({ code: 0, signal: null })),
  );
  for (const name of company.names) {
    const left = await company.empty(name);
    const done = company.effects.done(name);
    expect([...done, ...left].sort(), name).toEqual(published.toSorted());
    expect(
      done.filter((task) => tasks.includes(task)),
      name,
    ).not.toEqual([]);
    expect(await company.empty(parked(name)), name).toEqual(["hopeless-1", "poison-1"]);
  }
});

test("those that publish have published a result for each task", async () => {
  for (const { name, publishes } of company.members) {
    const results = new Set(await company.empty(output(name)));
    expect([...results].sort(), name).toEqual(
      publishes ? company.effects.done(name).toSorted() : [],
    );
  }
});

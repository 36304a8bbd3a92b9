import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";

const PRIORITY = "https://www.rabbitmq.com/docs/consumer-priority";
const SINGLE = "https://www.rabbitmq.com/docs/consumers#single-active-consumer";
const SELECTION = "https://www.rabbitmq.com/docs/consumers#initial-sac-selection";
const SINGLE_OR_EXCLUSIVE =
  "https://www.rabbitmq.com/docs/consumers#sac-and-exclusive-consumers-are-mutually-exclusive";
const KEEP_ORDER = "https://www.rabbitmq.com/docs/queues#preserving-message-order";
const EXCLUSIVE = "https://www.rabbitmq.com/docs/consumers#exclusivity";
const BASICS = "https://www.rabbitmq.com/docs/consumers#basics";

const SINGLE_ACTIVE = { arguments: { "x-single-active-consumer": true } };

/** What the broker says of a queue, wherever the queue is. */
const about = (queue: string, before: string, after: string) =>
  expect.stringMatching(new RegExp(`^${before} '${queue}' in vhost '[^']+'${after}$`));

const IN_EXCLUSIVE_USE = {
  scope: "channel",
  code: 403,
  text: about("tasks", "ACCESS_REFUSED - queue", " in exclusive use"),
};

guarantee(
  "A consumer with a higher priority is filled before the others are sent anything",
  { docs: PRIORITY, fault: "none" },
  async ({ rig }) => {
    const low = await rig.consumer("low", { prefetch: 3 });
    const high = await rig.consumer("high", { prefetch: 3, priority: 10 });
    const tasks = await rig.publish(5);
    expect(await high.take(3)).toEqual(tasks.slice(0, 3));
    expect(await low.take(2)).toEqual(tasks.slice(3));
    await high.done(...tasks.slice(0, 3));
    await low.done(...tasks.slice(3));
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, completed: 5 });
  },
);

limit(
  "A consumer with a higher priority that comes later is sent nothing of what others hold",
  { docs: PRIORITY, fault: "none" },
  async ({ rig }) => {
    const low = await rig.consumer("low", { prefetch: 3 });
    const tasks = await rig.publish(5);
    await low.take(3);
    const high = await rig.consumer("high", { prefetch: 3, priority: 10 });
    expect(await high.take(2)).toEqual(tasks.slice(3));
    const [next = ""] = await rig.publish(1);
    expect(await high.take(3)).toEqual([...tasks.slice(3), next]);
    await high.done(...tasks.slice(3), next);
    await low.done(...tasks.slice(0, 3));
    expect(await rig.account()).toEqual({ published: 6, confirmed: 6, completed: 6 });
  },
);

guarantee(
  "A single active consumer gets every task, and the next one takes over what it held",
  { docs: SINGLE, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", { arguments: { "x-single-active-consumer": true } });
    const active = await rig.consumer("active", { prefetch: 2 });
    const standby = await rig.consumer("standby", { prefetch: 10 });
    const tasks = await rig.publish(5);
    expect(await active.take(2)).toEqual(tasks.slice(0, 2));
    expect(await standby.caughtUp()).toEqual([]);
    await active.channel.close();
    expect(await standby.take(5)).toEqual(tasks);
    expect(rig.seen.redeliveredTo("standby")).toEqual(tasks.slice(0, 2));
    await standby.done(...tasks);
    expect(await rig.account()).toEqual({ published: 5, confirmed: 5, completed: 5 });
  },
);

guarantee(
  "When a single active consumer goes, the one that has waited longest takes over",
  { docs: SINGLE, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", SINGLE_ACTIVE);
    const first = await rig.consumer("c", { prefetch: 1 });
    const second = await rig.consumer("b", { prefetch: 1 });
    const third = await rig.consumer("a", { prefetch: 1 });
    const [task = "", waiting = ""] = await rig.publish(2);
    await first.take(1);
    await first.channel.close();
    expect(await second.take(1)).toEqual([task]);
    expect(await third.caughtUp()).toEqual([]);
    await second.channel.close();
    expect(await third.take(1)).toEqual([task]);
    await third.done(task);
    await third.take(2);
    await third.done(waiting);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, completed: 2 });
  },
);

for (const queueType of ["classic", "quorum"] as const) {
  limit(
    "A single active consumer that is cancelled keeps what it holds, and the next one overtakes it",
    {
      docs: KEEP_ORDER,
      fault: "none",
      queues: [queueType],
      notApplicable: (version) =>
        queueType === "classic" && Number.parseFloat(version) < 4
          ? "before 4.0 the next one is sent nothing, and the queue crashes: see the findings"
          : undefined,
    },
    async ({ rig }) => {
      await rig.declare("tasks", SINGLE_ACTIVE);
      const active = await rig.consumer("active", { prefetch: 2 });
      const next = await rig.consumer("next", { prefetch: 10 });
      const tasks = await rig.publish(5);
      await active.take(2);
      await active.channel.cancel(active.tag);
      expect(await next.take(3)).toEqual(tasks.slice(2));
      await next.done(...tasks.slice(2));
      await active.done(...tasks.slice(0, 2));
      expect(rig.seen.redeliveredTo("next")).toEqual([]);
      expect(await rig.account()).toEqual({ published: 5, confirmed: 5, completed: 5 });
    },
  );
}

limit(
  "With a single active consumer, a get is refused by a quorum queue, and overtakes in a classic one",
  { docs: KEEP_ORDER, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", SINGLE_ACTIVE);
    const active = await rig.consumer("active", { prefetch: 1 });
    const [first = "", second = ""] = await rig.publish(2);
    await active.take(1);
    const asking = (await rig.channel("asking")).get("tasks");
    await (rig.queueType === "classic" ? asking : expect(asking).rejects.toThrow());
    const single = "[. ]+basic.get operations are not supported by .+ with single active consumer";
    const text = about("tasks", "RESOURCE_LOCKED - cannot obtain access to locked queue", single);
    const refused = [{ scope: "channel", code: 405, text }];
    expect(rig.seen.closedByBroker("asking")).toEqual(rig.queueType === "classic" ? [] : refused);
    expect(rig.seen.deliveredTo("asking")).toEqual(rig.queueType === "classic" ? [second] : []);
    await active.done(first);
    expect(await rig.account()).toEqual({
      published: 2,
      confirmed: 2,
      completed: 1,
      remaining: 1,
    });
  },
);

guarantee(
  "In a quorum queue from 4.0 on, a consumer of a higher priority becomes the single active one once the last has settled",
  { docs: SELECTION, fault: "none" },
  async ({ rig }) => {
    await rig.declare("tasks", SINGLE_ACTIVE);
    const first = await rig.consumer("first", { prefetch: 2 });
    const tasks = await rig.publish(4);
    await first.take(2);
    const higher = await rig.consumer("higher", { prefetch: 2, priority: 10 });
    expect(await higher.caughtUp()).toEqual([]);
    await first.done(...tasks.slice(0, 2));
    const isTakenOver = rig.queueType === "quorum" && rig.isFrom("4.0");
    const [active, standby] = isTakenOver ? [higher, first] : [first, higher];
    expect((await active.take(isTakenOver ? 2 : 4)).slice(-2)).toEqual(tasks.slice(2));
    expect(await standby.caughtUp()).toEqual(isTakenOver ? tasks.slice(0, 2) : []);
    await active.done(...tasks.slice(2));
    expect(await rig.account()).toEqual({ published: 4, confirmed: 4, completed: 4 });
  },
);

guarantee(
  "While a classic queue has an exclusive consumer, another one is refused",
  { docs: EXCLUSIVE, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    const only = await rig.consumer("only", { exclusive: true });
    await expect(rig.consumer("other")).rejects.toThrow("ACCESS_REFUSED");
    expect(rig.seen.closedByBroker("other")).toEqual([IN_EXCLUSIVE_USE]);
    const tasks = await rig.publish(3);
    await only.take(3);
    await only.done(...tasks);
    expect(await rig.account()).toEqual({ published: 3, confirmed: 3, completed: 3 });
  },
);

guarantee(
  "An exclusive consumer of a classic queue is refused while the queue has another consumer",
  { docs: EXCLUSIVE, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    const other = await rig.consumer("other");
    await expect(rig.consumer("only", { exclusive: true })).rejects.toThrow("ACCESS_REFUSED");
    expect(rig.seen.closedByBroker("only")).toEqual([IN_EXCLUSIVE_USE]);
    const tasks = await rig.publish(3);
    await other.take(3);
    await other.done(...tasks);
    expect(await rig.account()).toEqual({ published: 3, confirmed: 3, completed: 3 });
  },
);

limit(
  "An exclusive consumer keeps nobody from fetching tasks one by one",
  { docs: EXCLUSIVE, fault: "none" },
  async ({ rig }) => {
    const only = await rig.consumer("only", { exclusive: true, prefetch: 1 });
    const [first = "", second = ""] = await rig.publish(2);
    await only.take(1);
    await (await rig.channel("asking")).get("tasks");
    expect(rig.seen.deliveredTo("asking")).toEqual([second]);
    await only.done(first);
    expect(await rig.account()).toEqual({
      published: 2,
      confirmed: 2,
      completed: 1,
      remaining: 1,
    });
  },
);

limit(
  "A quorum queue takes no notice of a consumer that asks to be exclusive",
  { docs: EXCLUSIVE, fault: "none", queues: ["quorum"] },
  async ({ rig }) => {
    const only = await rig.consumer("only", { exclusive: true, prefetch: 1 });
    const other = await rig.consumer("other", { prefetch: 1 });
    const [first = "", second = ""] = await rig.publish(2);
    expect(await only.take(1)).toEqual([first]);
    expect(await other.take(1)).toEqual([second]);
    await only.done(first);
    await other.done(second);
    expect(await rig.account()).toEqual({ published: 2, confirmed: 2, completed: 2 });
  },
);

guarantee(
  "A classic queue with a single active consumer refuses an exclusive one",
  { docs: SINGLE_OR_EXCLUSIVE, fault: "none", queues: ["classic"] },
  async ({ rig }) => {
    await rig.declare("tasks", SINGLE_ACTIVE);
    const tasks = await rig.publish(1);
    await expect(rig.consumer("only", { exclusive: true })).rejects.toThrow("ACCESS_REFUSED");
    expect(rig.seen.closedByBroker("only")).toEqual([IN_EXCLUSIVE_USE]);
    expect(await rig.fates()).toEqual({ remaining: tasks });
  },
);

guarantee(
  "Consuming from a queue that is not there closes the channel, and no other",
  { docs: BASICS, fault: "none" },
  async ({ rig }) => {
    const consumer = await rig.consumer("worker");
    await expect(rig.consumer("worker", { queue: "missing" })).rejects.toThrow("NOT_FOUND");
    expect(rig.seen.closedByBroker("worker")).toEqual([
      { scope: "channel", code: 404, text: about("missing", "NOT_FOUND - no queue", "") },
    ]);
    const tasks = await rig.publish(1);
    await consumer.take(1);
    await consumer.done(...tasks);
    expect(await rig.account()).toEqual({ published: 1, confirmed: 1, completed: 1 });
  },
);

limit(
  "A consumer tag that is used twice on a channel closes the whole connection, and its tasks return",
  { docs: "observed", fault: "none" },
  async ({ rig }) => {
    const consumer = await rig.consumer("worker", { consumerTag: "tag" });
    const bystander = await rig.consumer("worker", { consumerTag: "bystander" });
    const tasks = await rig.publish(2);
    await Promise.all([consumer.take(1), bystander.take(1)]);
    const { channel } = consumer;
    await expect(rig.consumer("worker", { consumerTag: "tag", channel })).rejects.toThrow();
    await rig.until("the close", () => rig.seen.closedByBroker("worker").length === 1);
    expect(rig.seen.closedByBroker("worker")).toEqual([
      {
        scope: "connection",
        code: 530,
        text: "NOT_ALLOWED - attempt to reuse consumer tag 'tag'",
      },
    ]);
    expect(await rig.fates()).toEqual({ remaining: tasks });
  },
);

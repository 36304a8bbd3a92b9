import { expect } from "vitest";
import { guarantee } from "../../harness/vitest.ts";

const PRIORITY = "https://www.rabbitmq.com/docs/consumer-priority";
const SINGLE = "https://www.rabbitmq.com/docs/consumers#single-active-consumer";

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

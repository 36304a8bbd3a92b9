import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";

const FAIR = "https://www.rabbitmq.com/tutorials/tutorial-two-javascript#fair-dispatch";

guarantee(
  "With a prefetch of one, no worker is idle while a task waits",
  { docs: FAIR, fault: "none" },
  async ({ rig }) => {
    await rig.workers(2, { prefetch: 1 });
    rig.hold("task-1");
    const [heavy, ...light] = await rig.publish(20);
    rig.open();
    const { busy, free } = await rig.whoHas("task-1");
    await rig.until("the free worker to do the rest", () => rig.seen.effectsOf(free).length === 19);
    expect(rig.seen.effectsOf(free)).toEqual(light);
    expect(rig.seen.deliveredTo(busy)).toEqual([heavy]);
    rig.release("task-1");
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
  },
);

limit(
  "Without a prefetch limit, every second task waits behind a heavy one while the other worker is idle",
  { docs: FAIR, fault: "none" },
  async ({ rig }) => {
    await rig.workers(2, { prefetch: 0 });
    rig.hold("task-1");
    const tasks = await rig.publish(20);
    const [odd, even] = [0, 1].map((first) => tasks.filter((_, index) => index % 2 === first));
    rig.open();
    const { busy, free } = await rig.whoHas("task-1");
    await rig.until("the free worker to be idle", () => rig.seen.ackedBy(free).length === 10);
    expect(rig.seen.effectsOf(free)).toEqual(even);
    expect(rig.seen.unackedBy(busy)).toEqual(odd);
    expect(rig.seen.effectsOf(busy)).toEqual([]);
    rig.release("task-1");
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
  },
);

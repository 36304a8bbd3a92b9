import { expect } from "vitest";
import { guarantee, limit } from "../../harness/vitest.ts";

const ROUND_ROBIN =
  "https://www.rabbitmq.com/tutorials/tutorial-two-javascript#round-robin-dispatching";
const PREFETCH = "https://www.rabbitmq.com/docs/consumer-prefetch";

guarantee(
  "Workers that were there first are dealt the tasks in turn, the same number each",
  { docs: ROUND_ROBIN, fault: "none" },
  async ({ rig }) => {
    await rig.workers(3, { prefetch: 0 });
    const tasks = await rig.publish(300);
    const account = await rig.account();
    const everyThird = [0, 1, 2].map((first) => tasks.filter((_, index) => index % 3 === first));
    const dealt = ["worker-1", "worker-2", "worker-3"].map((worker) =>
      rig.seen.deliveredTo(worker),
    );
    expect(dealt).toHaveLength(3);
    expect(dealt).toEqual(expect.arrayContaining(everyThird));
    expect(account).toEqual({ published: 300, confirmed: 300, completed: 300 });
  },
);

guarantee(
  "A worker that is added later takes the waiting tasks, once the prefetch is bounded",
  { docs: PREFETCH, fault: "none" },
  async ({ rig }) => {
    await rig.workers(1, { prefetch: 1 });
    rig.hold("task-1");
    const [busy, ...waiting] = await rig.publish(20);
    await rig.worker("late-worker", { prefetch: 1 });
    rig.open();
    await rig.until(
      "the late worker to do the rest",
      () => rig.seen.effectsOf("late-worker").length === 19,
    );
    expect(rig.seen.deliveredTo("late-worker")).toEqual(waiting);
    expect(rig.seen.deliveredTo("worker-1")).toEqual([busy]);
    rig.release("task-1");
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
  },
);

limit(
  "Without a prefetch limit, a worker that is added later gets nothing of what is already taken",
  { docs: PREFETCH, fault: "none" },
  async ({ rig }) => {
    await rig.workers(1, { prefetch: 0 });
    const tasks = await rig.publish(20);
    await rig.until(
      "the first worker to take all",
      () => rig.seen.deliveredTo("worker-1").length === 20,
    );
    await rig.worker("late-worker", { prefetch: 0 });
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
    expect(rig.seen.deliveredTo("worker-1")).toEqual(tasks);
    expect(rig.seen.deliveredTo("late-worker")).toEqual([]);
  },
);

import { expect } from "vitest";
import { guarantee } from "../../harness/vitest.ts";

guarantee(
  "A task is redelivered to another worker when its worker is killed before the ack",
  { docs: "https://www.rabbitmq.com/docs/confirms#automatic-requeueing", fault: "worker-kill" },
  async ({ rig }) => {
    await rig.workers(2);
    await rig.publish(100);
    await rig.kill("worker-1", { at: "mid-task" });
    expect(await rig.account()).toEqual({ published: 100, confirmed: 100, completed: 100 });
  },
);

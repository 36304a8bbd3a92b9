import { expect } from "vitest";
import { EVERYONE } from "../../harness/history/event.ts";
import { guarantee, limit } from "../../harness/vitest.ts";

const REQUEUE = "https://www.rabbitmq.com/docs/confirms#automatic-requeueing";
const IDEMPOTENCE = "https://www.rabbitmq.com/docs/reliability#consumer-side";

const IDEMPOTENT = { program: "idempotent.ts" };

limit(
  "A task whose ack is lost with its connection comes again, and is done twice",
  { docs: REQUEUE, fault: "connection-reset" },
  async ({ rig }) => {
    await rig.workers(2);
    await rig.publish(20);
    await rig.network.reset("worker-1", { at: "ack-held" });
    expect(await rig.account()).toEqual({
      published: 20,
      confirmed: 20,
      completed: 19,
      duplicated: 1,
    });
  },
);

guarantee(
  "A task whose ack is lost with its connection comes again, and an idempotent worker does it once",
  { docs: IDEMPOTENCE, fault: "connection-reset" },
  async ({ rig }) => {
    await rig.workers(2, IDEMPOTENT);
    await rig.publish(20);
    await rig.network.reset("worker-1", { at: "ack-held" });
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
    const [done] = rig.seen.effectsOf("worker-1");
    expect(rig.seen.redeliveredTo(EVERYONE)).toEqual([done]);
  },
);

limit(
  "A task whose ack vanishes in a silent network comes again once the network is back, and is done twice",
  { docs: REQUEUE, fault: "half-open" },
  async ({ rig }) => {
    await rig.workers(2);
    await rig.publish(20);
    const silence = await rig.network.halfOpen("worker-1", { at: "ack-held" });
    silence.heal();
    expect(await rig.account()).toEqual({
      published: 20,
      confirmed: 20,
      completed: 19,
      duplicated: 1,
    });
  },
);

guarantee(
  "A task whose ack vanishes in a silent network is done once by idempotent workers",
  { docs: IDEMPOTENCE, fault: "half-open" },
  async ({ rig }) => {
    await rig.workers(2, IDEMPOTENT);
    await rig.publish(20);
    const silence = await rig.network.halfOpen("worker-1", { at: "ack-held" });
    silence.heal();
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
  },
);

guarantee(
  "An idempotent worker that is killed before its ack arrives remembers what it has done",
  { docs: IDEMPOTENCE, fault: "worker-kill" },
  async ({ rig }) => {
    await rig.workers(1, IDEMPOTENT);
    const [done] = await rig.publish(20);
    await rig.kill("worker-1", { at: "ack-held" });
    await rig.worker("worker-1", IDEMPOTENT);
    expect(await rig.account()).toEqual({ published: 20, confirmed: 20, completed: 20 });
    expect(rig.seen.redeliveredTo("worker-1")).toEqual([done]);
  },
);

limit(
  "A task that two idempotent workers have in hand at once is done by both",
  { docs: IDEMPOTENCE, fault: "connection-reset" },
  async ({ rig }) => {
    await rig.workers(1, IDEMPOTENT);
    const [task] = await rig.publish(1);
    await rig.network.refuse("worker-1");
    await rig.network.reset("worker-1", { at: "mid-task" });
    await rig.worker("worker-2", IDEMPOTENT);
    await rig.until("both to be mid-task", () => rig.seen.askedBy("worker-2").length === 1);
    expect(await rig.fates()).toEqual({ duplicated: [task] });
  },
);

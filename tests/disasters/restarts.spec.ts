import { expect } from "vitest";
import type { Rig } from "../../harness/scenario/rig.ts";
import { guarantee } from "../../harness/vitest.ts";

const RESTART = "https://www.rabbitmq.com/docs/reliability#what-can-fail";

const ENDINGS = ["SIGKILL", "graceful", "SIGKILL"] as const;

guarantee(
  "However often the broker ends under load, every confirmed task of a registered queue is done",
  { docs: RESTART, fault: "broker-kill", underLoad: true },
  async ({ rig }) => {
    await rig.registered();
    await rig.workers(2);
    rig.open();
    const traffic = publishOn(rig);
    for (const ending of ENDINGS) {
      await moreConfirmed(rig, 50);
      await rig.broker.restart(ending);
    }
    await moreConfirmed(rig, 50);
    await traffic.stop();
    const { completed = [], duplicated = [], recovered = [], ...others } = await rig.fates();
    const { confirmed, unanswered } = answers(rig);
    expect(others).toEqual({});
    expect([...completed, ...duplicated].toSorted()).toEqual(confirmed.toSorted());
    expect(unanswered).toEqual(expect.arrayContaining(recovered));
    expect(duplicated.filter((task) => deliveries(rig, task) < 2)).toEqual([]);
  },
);

/** Publishes five tasks at a time, one after the other, until it is stopped. */
function publishOn(rig: Rig): { stop(): Promise<void> } {
  let isOver = false;
  const publishing = (async () => {
    while (!isOver) await rig.publish(5);
  })();
  publishing.catch(() => {}); // Whoever stops it will learn why.
  return {
    stop() {
      isOver = true;
      return publishing;
    },
  };
}

/** Waits until so many more tasks are confirmed. */
function moreConfirmed(rig: Rig, count: number): Promise<void> {
  const confirmed = () => rig.seen.confirmedTo("publisher").length;
  const enough = confirmed() + count;
  return rig.until(`${count} more confirms`, () => confirmed() >= enough);
}

function answers({ seen }: Rig): { confirmed: string[]; unanswered: string[] } {
  const confirmed = new Set(seen.confirmedTo("publisher"));
  const unanswered = seen.publishedBy("publisher").filter((task) => !confirmed.has(task));
  return { confirmed: [...confirmed], unanswered };
}

function deliveries({ seen }: Rig, task: string): number {
  const sent = [...seen.deliveredTo("worker-1"), ...seen.deliveredTo("worker-2")];
  return sent.filter((one) => one === task).length;
}

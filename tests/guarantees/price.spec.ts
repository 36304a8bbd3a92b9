import { expect } from "vitest";
import { describeSpread, timeRatio } from "../../harness/scenario/ratio.ts";
import { measurement } from "../../harness/vitest.ts";

const PERSISTENCE = "https://www.rabbitmq.com/docs/persistence-conf";
const LATENCY = "https://www.rabbitmq.com/docs/confirms#publisher-confirms-latency";

const ROUNDS = 7;
const TASKS = 300;
/** Both sides, with the turn that is not timed. */
const ALL = 2 * (ROUNDS + 1) * TASKS;
const KIB = 1024;

measurement(
  "Persistence has a price: time to publish persistent tasks, as a multiple of transient ones",
  { docs: PERSISTENCE, fault: "none" },
  async ({ rig }) => {
    const price = await timeRatio(
      ROUNDS,
      () => rig.publish(TASKS, { size: KIB, persistent: true }),
      () => rig.publish(TASKS, { size: KIB, persistent: false }),
    );
    rig.figures.push(`persistent / transient: ${describeSpread(price)}, ${TASKS} a round`);
    expect(await rig.account()).toEqual({ published: ALL, confirmed: ALL, remaining: ALL });
  },
);

measurement(
  "Confirms have a price: time to publish and await all confirms, as a multiple of awaiting none",
  { docs: LATENCY, fault: "none" },
  async ({ rig }) => {
    const price = await timeRatio(
      ROUNDS,
      () => rig.publish(TASKS, { size: KIB, confirmed: true }),
      () => rig.publish(TASKS, { size: KIB, confirmed: false }),
    );
    const half = ALL / 2;
    const { recovered = 0, ...account } = await rig.account();
    rig.figures.push(
      `confirmed / unconfirmed: ${describeSpread(price)}, ${TASKS} a round`,
      `of ${half} unconfirmed tasks, ${recovered} were stored`,
    );
    expect(account).toEqual({ published: ALL, confirmed: half, unknown: half, remaining: half });
  },
);

measurement(
  "Waiting has a price: time to publish tasks one by one, as a multiple of all at once",
  { docs: LATENCY, fault: "none" },
  async ({ rig }) => {
    const price = await timeRatio(
      ROUNDS,
      async () => {
        for (let task = 0; task < TASKS; task++) await rig.publish(1, { size: KIB });
      },
      () => rig.publish(TASKS, { size: KIB }),
    );
    rig.figures.push(`one by one / all at once: ${describeSpread(price)}, ${TASKS} a round`);
    expect(await rig.account()).toEqual({ published: ALL, confirmed: ALL, remaining: ALL });
  },
);

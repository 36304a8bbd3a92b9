import { type Story, story } from "./history-builder.ts";

const TASKS = Array.from({ length: 12 }, (_, index) => `task-${index + 1}`);
const WORKERS = ["v", "w"];

/**
 * A history in no sensible order at all, from a seed: tasks that are done without a hitch, and
 * among them everything that can happen to them, to their workers and to the broker.
 */
export function randomStory(seed: number, steps = 60): Story {
  const random = generator(seed);
  const pick = <T>(...from: T[]): T => from[Math.floor(random() * from.length)] as T;
  const told = story().declares("failed", { role: "parking" }).brokerUp("boot-1");
  for (const worker of WORKERS) told.starts(worker).connects(worker).consumes(worker);
  let fresh = 0;
  const plain = () => {
    const task = `plain-${++fresh}`;
    told.stores(task).works(pick(...WORKERS), task);
  };
  for (let step = 0; step < steps; step++) {
    const task = pick(...TASKS);
    const worker = pick(...WORKERS);
    const dropped = random() < 0.15 ? { dropped: true as const } : {};
    const odd = [
      () => told.publishes(task, dropped),
      () => told.stores(task),
      () => told.stores(task).works(worker, task),
      () => told.confirms(task, dropped),
      () => told.refuses(task),
      () => told.returns(task, dropped),
      () => told.delivers(task, worker, { ...dropped, noAck: random() < 0.2 }),
      () => told.acks(worker, task, dropped),
      () => told.acks(worker, null, { tasks: [], tag: 99 }),
      () => told.rejects(worker, task, { ...dropped, requeue: random() < 0.7 }),
      () => told.does(worker, task),
      () => told.asks(worker, task),
      () => told.repeats(worker, task),
      () => told.abandons(worker, task),
      () => told.poisons(task),
      () => told.logs(worker, task),
      () => told.forges(worker, task),
      () => told.hangsUp(worker, { by: pick("client", "broker", "link"), clean: random() < 0.5 }),
      () => told.closesChannel(worker, { by: pick("client", "broker") }),
      () => told.cancels(worker, pick("client", "broker")),
      () => told.connects(worker).consumes(worker, { prefetch: pick(0, 1, 5) }),
      () => told.drains(pick("tasks", "failed"), task),
      () => told.injects("worker-kill", worker, pick("now", "mid-task", "after-ack"), task),
      () => told.injects("worker-term", worker).signals(worker, "SIGTERM"),
      () => told.injects("broker-kill", "broker").brokerDown("boot-1").brokerUp("boot-2"),
      () => told.witnesses("worker-kill"),
      () => told.dies(worker).starts(worker).consumes(worker),
      () => told.exits(worker, { code: 1, signal: null }).starts(worker).consumes(worker),
      () => told.holds("ack", task, worker, step),
      () => told.endsHold(worker, "forwarded", step - 1),
      () => told.waits(pick(5, 500, 2_000)),
      () => told.publishes(task, { subject: worker, persistent: random() < 0.5 }),
    ];
    if (random() < 0.4) plain();
    else pick(...odd)();
  }
  return told.drains().drains("failed");
}

/** Park and Miller's generator: enough to shuffle, and the same on every machine. */
export function generator(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

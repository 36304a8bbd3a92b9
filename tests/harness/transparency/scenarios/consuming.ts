import type { Scenario } from "./scenario.ts";

/** A consumer with a prefetch of one, which returns one task and rejects another. */
export const settling: Scenario = {
  title: "deliveries acked, returned to the queue, and rejected",
  async run(client, queue) {
    const channel = await client.openChannel();
    await channel.declare(queue);
    await channel.prefetch(1);
    const seen: string[] = [];
    const consuming = await channel.consume(queue, "consumer", (message) => {
      const task = message.body.toString();
      seen.push(message.redelivered ? `${task} again` : task);
      if (task === "t2" && !message.redelivered) message.nack(true);
      else if (task === "t4") message.nack(false);
      else message.ack();
      client.told.note("delivered", message.said);
    });
    const answers = [];
    for (const task of ["t1", "t2", "t3", "t4", "t5"]) {
      const properties = { messageId: task };
      answers.push(await channel.publish({ queue, body: Buffer.from(task), properties }));
      await client.told.heard("delivered", task === "t1" ? 1 : Number(task[1]) + 1);
    }
    await channel.close();
    const after = await client.openChannel();
    const left = await after.get(queue);
    await after.delete(queue);
    await after.close();
    return { seen, left, said: [consuming, answers] };
  },
  shows: { seen: ["t1", "t2", "t2 again", "t3", "t4", "t5"] },
  records: { published: 5, consuming: 1, delivered: 6, acked: 4, rejected: 2, "prefetch-set": 1 },
};

const MANY = 300;

/** Hundreds of publishes and deliveries on the wire at a time. */
export const flood: Scenario = {
  title: "hundreds of tasks published at once, and delivered at once",
  async run(client, queue) {
    const channel = await client.openChannel();
    await channel.declare(queue);
    const tasks = Array.from({ length: MANY }, (_, n) => `t${n}`);
    await Promise.all(
      tasks.map((task) =>
        channel.publish({
          queue,
          body: Buffer.from(task.repeat(50)),
          properties: { messageId: task },
        }),
      ),
    );
    await channel.consume(queue, "consumer", (message) => {
      message.ack();
      client.told.note("delivered", message.said);
    });
    await client.told.heard("delivered", MANY);
    await channel.close();
    const after = await client.openChannel();
    const left = await after.get(queue);
    await after.delete(queue);
    await after.close();
    return { left: left?.said ?? "nothing" };
  },
  shows: { left: "nothing" },
  records: { published: MANY, "publish-confirmed": MANY, delivered: MANY, acked: MANY },
};

/** `basic.recover`: what is unacked comes again. */
export const recovering: Scenario = {
  title: "basic.recover",
  async run(client, queue) {
    const channel = await client.openChannel();
    await channel.declare(queue);
    const seen: unknown[] = [];
    for (const task of ["t1", "t2"]) {
      await channel.publish({
        queue,
        body: Buffer.from(task),
        properties: { messageId: task },
      });
    }
    await channel.consume(queue, "consumer", (message) => {
      seen.push([message.body.toString(), message.redelivered]);
      if (message.redelivered) message.ack();
      client.told.note("delivered", message.said);
    });
    await client.told.heard("delivered", 2);
    const recovered = await channel.recover();
    await client.told.heard("delivered", 4);
    await channel.close();
    const after = await client.openChannel();
    await after.delete(queue);
    await after.close();
    return { seen, said: recovered };
  },
  shows: {
    seen: [
      ["t1", false],
      ["t2", false],
      ["t1", true],
      ["t2", true],
    ],
  },
  records: { published: 2, delivered: 4, acked: 2 },
};

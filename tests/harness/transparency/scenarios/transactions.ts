import type { Scenario } from "./scenario.ts";

/** Publishes and acks that are committed, and that are rolled back. */
export const transactions: Scenario = {
  title: "transactions, committed and rolled back",
  async run(client, queue) {
    if (!client.openTransactions) throw new Error("This library has no verbs for transactions");
    const first = await client.openTransactions();
    await first.declare(queue);
    const publish = (task: string) =>
      first.publish({ queue, body: Buffer.from(task), properties: { messageId: task } });
    await publish("rolled back");
    const said: unknown[] = [await first.rollback()];
    await publish("committed");
    const early = await first.get(queue);
    said.push(await first.commit());
    const committed = await first.get(queue);
    await committed?.ack();
    said.push(await first.rollback());
    await first.close(); // The ack was rolled back: the task goes back to its queue.
    const second = await client.openTransactions();
    const again = await second.get(queue);
    await again?.ack();
    said.push(await second.commit());
    await second.close();
    const third = await client.openChannel();
    const last = await third.get(queue);
    await third.delete(queue);
    await third.close();
    const tasks = [early, committed, again, last].map((each) => each?.body.toString() ?? "none");
    return { tasks, said: [...said, committed?.said, again?.said] };
  },
  shows: { tasks: ["none", "committed", "committed", "none"] },
  records: { published: 2, delivered: 2, acked: 2 },
};

/**
 * Promise, by the name of the strategy and in the words of the documentation (quorum queues, dead
 * lettering): at-most-once, the default, may lose a dead-lettered message on its way, where
 * at-least-once gives "guarantees for the message transfer between queues" and takes duplicates into
 * the bargain. What is moved at most once is there once, or not at all.
 *
 * Found on 4.0.5: if the node is killed within five seconds of a dead-lettering, all that was
 * dead-lettered since is dead-lettered again when it comes back. A worker on the dead-letter queue
 * gets each task twice, as two messages. Here the tick, which could come in between, is put off; in the
 * one try without that it was so as well. On 3.10.8 and 4.3.6 a kill did not do it in 2 tries each. A cut
 * of the power did on 4.3.6, where 9 tasks had expired a second before; met once, by the explorer.
 *
 * Cause, by source (ra 2.14.0, for 4.0.5): a queue's effects are what it does to the world outside
 * its log, and dead-lettering at most once is one. Up to which entry of the log they were done is
 * kept by `ra_server:persist_last_applied` on each tick only, every 5 s, and not synced. At the next
 * start, what lies behind that entry is applied anew with its effects. Its comment says that they may
 * be issued again.
 *
 * To live with it: take a dead letter to be as little unique as any other message, by its id.
 */
import { expect } from "vitest";
import { evaluate } from "../../harness/broker/evaluate.ts";
import { finding } from "../../harness/vitest.ts";
import { untilReady } from "../guarantees/ready.ts";

finding(
  "What a quorum queue dead-letters at most once is there twice when the broker is killed soon after",
  {
    docs: "https://www.rabbitmq.com/docs/quorum-queues#dead-lettering",
    fault: "broker-kill",
    queues: ["quorum"],
    notApplicable: (version) =>
      Number.parseFloat(version) === 4
        ? undefined
        : "it is there once after a kill, as far as has been seen",
  },
  async ({ rig }) => {
    await evaluate(
      rig.place.stage.broker,
      "application:set_env(rabbit, quorum_tick_interval, 600000).",
    );
    await rig.declare("dead");
    const toDead = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dead" };
    await rig.declare("tasks", { arguments: toDead });
    await rig.registered("dead");
    await rig.registered("tasks");
    const tasks = await rig.publish(10);
    const rejecting = await rig.consumer("rejecting");
    for (const task of await rejecting.take(10)) rejecting.reject(task, { requeue: false });
    await untilReady(await rig.channel("onlooker"), "dead", 10);
    await rig.broker.restart("SIGKILL");
    const working = await rig.consumer("working", { queue: "dead" });
    expect((await working.take(20)).toSorted()).toEqual([...tasks, ...tasks].toSorted());
    for (const message of working.taken) {
      await working.work(message.properties.messageId);
      working.channel.ack(message);
    }
    expect(await rig.account()).toEqual({ published: 10, confirmed: 10, duplicated: 10 });
  },
);

/**
 * A worker that acks its first task before its work, and each later one while its work is under way,
 * a little after it has asked for the effect.
 */
import { scheduler } from "node:timers/promises";
import type { Channel, ConsumeMessage } from "amqplib";
import { CarefulWorker } from "../../../fixtures/subjects/amqplib/careful-worker.ts";

/** Milliseconds: an ack that was written is on its way by then, and so is a request. */
const A_LITTLE = 100;

class AcksMeanwhile extends CarefulWorker {
  #isFirst = true;

  protected override async handle(message: ConsumeMessage, channel: Channel): Promise<void> {
    const steps = [() => channel.ack(message), () => this.work(this.read(message), channel)];
    if (!this.#isFirst) steps.reverse();
    this.#isFirst = false;
    const ends = [];
    for (const step of steps) {
      ends.push(step());
      await scheduler.wait(A_LITTLE);
    }
    await Promise.allSettled(ends); // It has nothing left to give back.
  }
}

await new AcksMeanwhile().run();

import { drain } from "../scenario/drain.ts";
import type { Place } from "../scenario/opening.ts";
import { MissedDeadline, untilAnswered } from "../until.ts";
import type { Books } from "./books.ts";
import { untilMoving } from "./moving.ts";

/** Milliseconds without any event after which what has not come to its end never will. */
const QUIET = 1_500;

/** Milliseconds for what is left in the queue then. */
const EMPTYING = 5_000;

/**
 * Until every task has come to its end, or nothing moves any more. Tasks whose publish is unknown
 * owe none: what there is of them is in the queue, and done before it is empty.
 */
export async function untilSettled(books: Books, place: Place, queue: string): Promise<void> {
  const wait = { still: QUIET, source: place.stage.history };
  try {
    await untilMoving("every task's end", books.progress, () => books.isSettled, wait);
    await untilAnswered("the queue to be empty", () => isEmpty(place, queue), EMPTYING);
  } catch (error) {
    if (!(error instanceof MissedDeadline)) throw error; // What is left is in the account.
  }
}

/** Consumes what the workers have left. */
export async function drainRest(books: Books, place: Place, queue: string): Promise<void> {
  const { stage, clients } = place;
  await drain(clients.drain, stage.history, [queue], books.returning);
}

/** Leaves nothing on a broker that is somebody else's. */
export async function deleteQueue(place: Place, queue: string): Promise<void> {
  const channel = await operate(place);
  await channel.deleteQueue(queue);
  await channel.close();
}

async function isEmpty(place: Place, queue: string): Promise<boolean> {
  const channel = await operate(place);
  const { messageCount } = await channel.checkQueue(queue);
  await channel.close();
  return messageCount === 0;
}

async function operate({ clients }: Place) {
  return (await clients.operator.connection()).createChannel();
}

import { type ChannelModel, connect } from "amqplib";
import pRetry from "p-retry";

export interface Address {
  host: string;
  port: number;
}

/** Milliseconds between two attempts, and the time after which a broker counts as not coming up. */
const PAUSE = 50;
const PATIENCE = 60_000;

/** Or the end of each handshake would wait for TCP's delayed acknowledgement: 40 ms. */
const AT_ONCE = { noDelay: true };

/**
 * Connects as soon as a broker answers.
 *
 * @param giveUp a reason to stop trying, asked after each failed attempt.
 * @param name what the broker's operator sees the connection under.
 * @throws what the last attempt failed with, or the reason to give up.
 */
export function connectUntilUp(
  url: () => string | Promise<string>,
  giveUp: () => Promise<Error | undefined> = async () => undefined,
  name?: string,
): Promise<ChannelModel> {
  const named = name === undefined ? {} : { clientProperties: { connection_name: name } };
  const options = { ...AT_ONCE, ...named };
  return pRetry(async () => connect(await url(), options), {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: PATIENCE,
    factor: 1,
    minTimeout: PAUSE,
    maxTimeout: PAUSE,
    randomize: false,
    unref: false,
    async onFailedAttempt() {
      const reason = await giveUp();
      if (reason) throw reason; // Ends the attempts, and is what the caller gets.
    },
  });
}

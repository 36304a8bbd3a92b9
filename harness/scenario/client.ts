import type { ChannelModel } from "amqplib";
import { connectUntilUp } from "../broker/connect.ts";

/**
 * A connection of the harness's own, made when needed and made again after a loss: by the same
 * address while that works, and by the next one where it does not.
 */
export class Client {
  readonly #urls: readonly string[];
  readonly #name: string;
  /** Which of the URLs is the one to try. */
  #turn = 0;
  #connection: Promise<ChannelModel> | undefined;

  /**
   * @param urls the link's, so that the wire sees the harness like everyone else.
   * @param name what it is called, on the wire as a subject and by the broker as a connection.
   */
  constructor(urls: readonly string[], name: string) {
    this.#urls = urls;
    this.#name = name;
  }

  /** Has it a connection that it has not lost, as far as it knows? */
  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  connection(): Promise<ChannelModel> {
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    await connection?.close().catch(() => {}); // It may have been lost already.
  }

  async #connect(): Promise<ChannelModel> {
    const connection = await connectUntilUp(
      () => this.#url(),
      async () => {
        this.#turn += 1;
        return undefined;
      },
      this.#name,
    );
    connection.on("error", () => {}); // The wire has it on record.
    connection.on("close", () => {
      this.#connection = undefined;
    });
    return connection;
  }

  #url(): string {
    const url = this.#urls[this.#turn % this.#urls.length];
    if (url === undefined) throw new Error("A client needs an address");
    return url;
  }
}

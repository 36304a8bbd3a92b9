import type { ChannelModel } from "amqplib";
import { type Address, connectUntilUp } from "../broker/connect.ts";

/** A connection of the harness's own, made when needed and made again after a loss. */
export class Client {
  readonly #address: Address;
  readonly #vhost: string;
  #connection: Promise<ChannelModel> | undefined;

  /** @param address the link's, so that the wire sees the harness like everyone else. */
  constructor(address: Address, vhost: string) {
    this.#address = address;
    this.#vhost = vhost;
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
    const { host, port } = this.#address;
    const url = `amqp://guest:guest@${host}:${port}/${encodeURIComponent(this.#vhost)}`;
    const connection = await connectUntilUp(() => url);
    connection.on("error", () => {}); // The wire has it on record.
    connection.on("close", () => {
      this.#connection = undefined;
    });
    return connection;
  }
}

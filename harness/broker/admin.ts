import pRetry from "p-retry";
import type { Broker } from "./broker.ts";

/** The operator's view of a broker: virtual hosts and policies. Never a witness. */
export class Admin {
  readonly #broker: Broker;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  async createVhost(name: string): Promise<void> {
    await this.#put(`vhosts/${encodeURIComponent(name)}`, {});
    const permissions = { configure: ".*", write: ".*", read: ".*" };
    await this.#put(`permissions/${encodeURIComponent(name)}/guest`, permissions);
  }

  async deleteVhost(name: string): Promise<void> {
    await this.#request("DELETE", `vhosts/${encodeURIComponent(name)}`);
  }

  async deleteQueue(vhost: string, name: string): Promise<void> {
    await this.#request(
      "DELETE",
      `queues/${encodeURIComponent(vhost)}/${encodeURIComponent(name)}`,
    );
  }

  async setPolicy(
    vhost: string,
    name: string,
    pattern: string,
    definition: Record<string, unknown>,
  ): Promise<void> {
    await this.#put(`policies/${encodeURIComponent(vhost)}/${encodeURIComponent(name)}`, {
      pattern,
      definition,
      "apply-to": "queues",
    });
  }

  #put(path: string, body: unknown): Promise<void> {
    return this.#request("PUT", path, body);
  }

  /** @throws {Error} with the broker's own reason when it refuses. */
  async #request(method: string, path: string, body?: unknown): Promise<void> {
    const { host, port } = this.#broker.management;
    const url = `http://${host}:${port}/api/${path}`;
    const response = await pRetry(() => this.#fetch(url, method, body), {
      // The API's listener can come up a moment after the one for AMQP.
      retries: Number.POSITIVE_INFINITY,
      maxRetryTime: 10_000,
      factor: 1,
      minTimeout: 50,
      maxTimeout: 50,
      randomize: false,
      unref: false,
    });
    if (!response.ok) {
      throw new Error(`${method} ${path} was refused: ${response.status} ${await response.text()}`);
    }
  }

  #fetch(url: string, method: string, body: unknown): Promise<Response> {
    return fetch(url, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from("guest:guest").toString("base64")}`,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

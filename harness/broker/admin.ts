import pRetry from "p-retry";
import type { Address } from "./connect.ts";

/** A broker's management API: where it is, and as whom to ask. */
export interface Managed {
  readonly management: Address;
  /** `guest` when left out. */
  readonly username?: string;
  readonly password?: string;
}

/** To which queues or exchanges a policy applies, and before which others. */
export interface PolicyOptions {
  /** Such as `queues`, `exchanges` or `all`. Default: queues. */
  applyTo?: string;
  /** The highest counts. Default: 0. */
  priority?: number;
}

/** The operator's view of a broker: virtual hosts, policies, what is declared. Never a witness. */
export class Admin {
  readonly #broker: Managed;

  constructor(broker: Managed) {
    this.#broker = broker;
  }

  /** @param queueType of queues whose declaration leaves it out; classic when left out here. */
  async createVhost(name: string, queueType?: string): Promise<void> {
    const settings = queueType === undefined ? {} : { default_queue_type: queueType };
    await this.#put(`vhosts/${encodeURIComponent(name)}`, settings);
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
    { applyTo = "queues", priority = 0 }: PolicyOptions = {},
  ): Promise<void> {
    await this.#put(`policies/${encodeURIComponent(vhost)}/${encodeURIComponent(name)}`, {
      pattern,
      definition,
      "apply-to": applyTo,
      priority,
    });
  }

  /** What there is in a virtual host, as RabbitMQ exports it: a text in JSON. */
  definitions(vhost: string): Promise<string> {
    return this.#request("GET", `definitions/${encodeURIComponent(vhost)}`);
  }

  async #put(path: string, body: unknown): Promise<void> {
    await this.#request("PUT", path, body);
  }

  /** @throws {Error} with the broker's own reason when it refuses. */
  async #request(method: string, path: string, body?: unknown): Promise<string> {
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
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was refused: ${response.status} ${text}`);
    return text;
  }

  #fetch(url: string, method: string, body: unknown): Promise<Response> {
    const { username = "guest", password = "guest" } = this.#broker;
    return fetch(url, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

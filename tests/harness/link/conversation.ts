import type { MethodName, MethodOf } from "../../../harness/amqp/methods.ts";
import type { ContentProperties } from "../../../harness/amqp/properties.ts";
import {
  ConnectionState,
  type Crossing,
  type Observed,
} from "../../../harness/link/connection-state.ts";
import { observeBroker, previewBroker } from "../../../harness/link/from-broker.ts";
import { observeClient, previewClient } from "../../../harness/link/from-client.ts";

type Fields<N extends MethodName> = Omit<MethodOf<N>, "name">;

interface Where {
  channel?: number;
  task?: string;
  dropped?: boolean;
}

/** A connection with an open channel 1, and what is observed of the methods that cross it. */
export class Conversation {
  readonly state = new ConnectionState();
  readonly facts: Observed[] = [];

  constructor() {
    this.client("channel.open", {});
    this.facts.length = 0;
  }

  client<N extends MethodName>(name: N, fields: Fields<N>, where: Where = {}): this {
    const crossing = crossingOf(name, fields, where);
    return this.#note(observeClient(this.state, crossing, where.dropped ?? false));
  }

  broker<N extends MethodName>(name: N, fields: Fields<N>, where: Where = {}): this {
    const crossing = crossingOf(name, fields, where);
    return this.#note(observeBroker(this.state, crossing, where.dropped ?? false));
  }

  /** What these methods would be to a hold. */
  previews<N extends MethodName>(by: "client" | "broker", name: N, fields: Fields<N>) {
    const preview = by === "client" ? previewClient : previewBroker;
    return preview(this.state, crossingOf(name, fields, {}));
  }

  confirms(): this {
    return this.client("confirm.select", { nowait: false }).forget();
  }

  publishes(task: string, where: Where = {}): this {
    const fields = { exchange: "", routingKey: "tasks", mandatory: false };
    return this.client("basic.publish", fields, { task, ...where });
  }

  consumes(queue: string, consumerTag: string, noAck = false): this {
    const asked = { queue, consumerTag, noAck, exclusive: false, nowait: false };
    return this.client("basic.consume", asked).broker("basic.consume-ok", { consumerTag });
  }

  delivers(task: string, deliveryTag: number, where: Where & { consumerTag?: string } = {}): this {
    const { consumerTag = "c" } = where;
    const to = { consumerTag, redelivered: false, exchange: "", routingKey: "tasks" };
    return this.broker("basic.deliver", { deliveryTag, ...to }, { task, ...where });
  }

  acks(deliveryTag: number, multiple = false, where: Where = {}): this {
    return this.client("basic.ack", { deliveryTag, multiple }, where);
  }

  /** What went before is only how it came to this. */
  forget(): this {
    this.facts.length = 0;
    return this;
  }

  #note(observed: Observed | undefined): this {
    if (observed) this.facts.push(observed);
    return this;
  }
}

function crossingOf<N extends MethodName>(name: N, fields: Fields<N>, where: Where): Crossing {
  const { channel = 1, task } = where;
  const method = { name, ...fields } as unknown as Crossing["method"];
  const properties: ContentProperties = task === undefined ? {} : { messageId: task };
  return { channel, method, properties };
}

import type { ChannelState } from "./channel-state.ts";
import type { ConnectionState, Crossing, Observed, Seen } from "./connection-state.ts";
import type { Preview } from "./from-client.ts";

/** What a broker's method would be to a hold; undefined if it can't be held. */
export function previewBroker(
  connection: ConnectionState,
  crossing: Crossing,
): Preview | undefined {
  const { channel, method } = crossing;
  switch (method.name) {
    case "basic.deliver":
    case "basic.get-ok":
      return { what: "delivery", tasks: [connection.taskOf(crossing)] };
    case "basic.ack":
    case "basic.nack": {
      const state = connection.channel(channel);
      return { what: "confirm", tasks: state.answered(method.deliveryTag, method.multiple) };
    }
    default:
      return undefined;
  }
}

/** What the broker said. It holds by it, whether it reaches the client or is dropped. */
export function observeBroker(
  connection: ConnectionState,
  crossing: Crossing,
  dropped: boolean,
): Observed | undefined {
  const seen = seeBroker(connection, crossing);
  return seen && dropped ? { ...seen, dropped } : seen;
}

function seeBroker(connection: ConnectionState, crossing: Crossing): Seen | undefined {
  const { channel, method } = crossing;
  const state = connection.channel(channel);
  const task = connection.taskOf(crossing);
  switch (method.name) {
    case "basic.deliver": {
      const { deliveryTag: tag, redelivered, consumerTag: consumer } = method;
      const { queue = "", noAck = false } = state.consumers.get(consumer) ?? {};
      return delivered(state, { task, tag, redelivered, noAck, queue, consumer });
    }
    case "basic.get-ok": {
      const { deliveryTag: tag, redelivered } = method;
      const { queue = "", noAck = false } = state.pendingGets.shift() ?? {};
      return delivered(state, { task, tag, redelivered, noAck, queue, consumer: null });
    }
    case "basic.get-empty":
      state.pendingGets.shift();
      return undefined;
    case "basic.return": {
      const { exchange, routingKey, code, text } = method;
      const isOutput = connection.isOutput({ task, exchange, routingKey });
      return { type: "publish-returned", task: isOutput ? null : task, code, text };
    }
    case "basic.ack":
    case "basic.nack": {
      const { deliveryTag: tag, multiple } = method;
      const type = method.name === "basic.ack" ? "publish-confirmed" : "publish-refused";
      return { type, tasks: state.confirmed(tag, multiple), tag, multiple };
    }
    case "basic.consume-ok": {
      const pending = state.pendingConsumes.shift();
      if (!pending) return undefined;
      state.consumers.set(method.consumerTag, pending);
      return { type: "consuming", consumer: method.consumerTag, ...pending };
    }
    default:
      return connection.ended(crossing, "broker");
  }
}

function delivered(
  state: ChannelState,
  delivery: {
    task: string | null;
    tag: number;
    redelivered: boolean;
    noAck: boolean;
    queue: string;
    consumer: string | null;
  },
): Seen {
  const { task, tag, noAck, queue } = delivery;
  if (!noAck) state.unacked.set(tag, { task, queue });
  return { type: "delivered", ...delivery };
}

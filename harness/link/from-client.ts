import type { Holdable } from "../history/event.ts";
import type { ChannelState, Published } from "./channel-state.ts";
import type { ConnectionState, Crossing, Observed, Seen } from "./connection-state.ts";

/** The property `delivery-mode` of a persistent message. */
const PERSISTENT = 2;

/** What a crossing is to a hold: its kind, and the tasks that it is about. */
export interface Preview {
  what: Holdable;
  tasks: (string | null)[];
}

/** What a client's method would be to a hold; undefined if it can't be held. */
export function previewClient(
  connection: ConnectionState,
  crossing: Crossing,
): Preview | undefined {
  const { channel, method } = crossing;
  const state = connection.channel(channel);
  switch (method.name) {
    case "basic.publish":
      return { what: "publish", tasks: [connection.taskOf(crossing)] };
    case "basic.ack":
      return { what: "ack", tasks: state.named(method.deliveryTag, method.multiple) };
    case "basic.nack":
      return { what: "reject", tasks: state.named(method.deliveryTag, method.multiple) };
    case "basic.reject":
      return { what: "reject", tasks: state.named(method.deliveryTag, false) };
    default:
      return undefined;
  }
}

/** What a client said. Marked as dropped where a fault took it out, or the broker ignores it. */
export function observeClient(
  connection: ConnectionState,
  crossing: Crossing,
  dropped: boolean,
): Observed | undefined {
  const { channel, method } = crossing;
  // The answer to a close is the one thing that is not ignored; and it was given, also in vain.
  const isAnswer = method.name === "channel.close-ok" || method.name === "connection.close-ok";
  if (isAnswer || !(dropped || connection.ignores(channel))) return seeClient(connection, crossing);
  const seen = seeDropped(connection, crossing);
  return seen && { ...seen, dropped: true };
}

/** What the broker learns from a client's method. */
function seeClient(connection: ConnectionState, crossing: Crossing): Seen | undefined {
  const { channel, method } = crossing;
  const state = connection.channel(channel);
  switch (method.name) {
    case "connection.start-ok": {
      const { product, version } = method;
      return {
        type: "client-identified",
        product: product ?? "unknown",
        version: version ?? "unknown",
      };
    }
    case "channel.open":
      connection.open(channel);
      return { type: "channel-opened" };
    case "confirm.select":
      if (state.publishTag !== null) return undefined;
      state.publishTag = 0;
      return { type: "confirms-selected" };
    case "tx.select":
      return { type: "transactions-selected" };
    case "basic.qos": {
      const { prefetchCount: count, global } = method;
      state.prefetch = count;
      return { type: "prefetch-set", count, global };
    }
    case "basic.consume":
      return consume(state, method);
    case "basic.get":
      state.pendingGets.push({ queue: method.queue, noAck: method.noAck });
      return undefined;
    case "basic.publish":
      return published(connection, crossing, state);
    default:
      return settled(state, crossing, "settled") ?? connection.ended(crossing, "client");
  }
}

/** What a client sent that the broker never saw, or ignores. Changes nothing that it knows. */
function seeDropped(connection: ConnectionState, crossing: Crossing): Seen | undefined {
  const { channel, method } = crossing;
  const state = connection.channel(channel);
  switch (method.name) {
    case "basic.publish":
      return published(connection, crossing);
    default:
      return settled(state, crossing, "named");
  }
}

function consume(
  state: ChannelState,
  method: Extract<Crossing["method"], { name: "basic.consume" }>,
): Seen | undefined {
  const { queue, noAck, consumerTag } = method;
  const consumer = { queue, noAck, prefetch: state.prefetch };
  if (!method.nowait) {
    state.pendingConsumes.push(consumer);
    return undefined;
  }
  state.consumers.set(consumerTag, consumer);
  return { type: "consuming", consumer: consumerTag, ...consumer };
}

/** @param state the channel on which it is to be answered; left out where the broker never has it. */
function published(
  connection: ConnectionState,
  crossing: Crossing,
  state?: ChannelState,
): Seen | undefined {
  const { method, properties } = crossing;
  if (method.name !== "basic.publish") return undefined;
  const { exchange, routingKey, mandatory } = method;
  const persistent = properties?.deliveryMode === PERSISTENT;
  const task = connection.taskOf(crossing);
  const output = connection.isOutput({ task, exchange, routingKey });
  const tag = state ? nextPublishTag(state, { task, output }) : null;
  const said = { task, exchange, routingKey, persistent, mandatory, tag };
  return { type: "published", ...said, ...(output ? { output } : {}) };
}

function nextPublishTag(state: ChannelState, publish: Published): number | null {
  if (state.publishTag === null) return null;
  state.publishTag += 1;
  state.unconfirmed.set(state.publishTag, publish);
  return state.publishTag;
}

function settled(
  state: ChannelState,
  { method }: Crossing,
  how: "settled" | "named",
): Seen | undefined {
  switch (method.name) {
    case "basic.ack": {
      const { deliveryTag: tag, multiple } = method;
      return { type: "acked", tasks: state[how](tag, multiple), tag, multiple };
    }
    case "basic.nack": {
      const { deliveryTag: tag, multiple, requeue } = method;
      return { type: "rejected", tasks: state[how](tag, multiple), tag, multiple, requeue };
    }
    case "basic.reject": {
      const { deliveryTag: tag, requeue } = method;
      return { type: "rejected", tasks: state[how](tag, false), tag, multiple: false, requeue };
    }
    default:
      return undefined;
  }
}

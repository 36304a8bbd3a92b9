import { describe, expect, test } from "vitest";
import { Conversation } from "./conversation.ts";

const published = { type: "published", exchange: "", routingKey: "tasks", mandatory: false };
const delivered = { type: "delivered", redelivered: false, noAck: false, queue: "tasks" };

function facts(conversation: Conversation) {
  return conversation.facts;
}

/** A consumer of "tasks" that has been sent t1, t2 and t3 under the tags 1 to 3. */
function holdingThree(): Conversation {
  const talk = new Conversation().consumes("tasks", "c");
  return talk.delivers("t1", 1).delivers("t2", 2).delivers("t3", 3).forget();
}

/** A producer with three publishes on a confirm channel that nobody has answered. */
function awaitingThree(): Conversation {
  return new Conversation().confirms().publishes("t1").publishes("t2").publishes("t3").forget();
}

describe("a client's publish", () => {
  test("has no tag on a channel without confirms", () => {
    const talk = new Conversation().publishes("t1");
    expect(facts(talk)).toEqual([{ ...published, task: "t1", persistent: false, tag: null }]);
  });

  test("has the tag that its confirm will name, counted from confirm.select", () => {
    const talk = new Conversation().publishes("t0").confirms().publishes("t1").publishes("t2");
    expect(facts(talk)).toMatchObject([
      { task: "t1", tag: 1 },
      { task: "t2", tag: 2 },
    ]);
  });

  test("goes on counting when confirms are selected again", () => {
    const talk = new Conversation().confirms().publishes("t1").forget().confirms().publishes("t2");
    expect(facts(talk)).toMatchObject([{ task: "t2", tag: 2 }]);
  });

  test("is persistent by its delivery mode, and may have no id", () => {
    const talk = new Conversation();
    const fields = { exchange: "logs", routingKey: "k", mandatory: true };
    talk.client("basic.publish", fields);
    expect(facts(talk)).toEqual([
      {
        type: "published",
        exchange: "logs",
        routingKey: "k",
        mandatory: true,
        persistent: false,
        task: null,
        tag: null,
      },
    ]);
  });

  test("that was dropped has no tag, and the broker counts on without it", () => {
    const talk = new Conversation().confirms().publishes("t1", { dropped: true }).publishes("t2");
    expect(facts(talk)).toMatchObject([
      { task: "t1", tag: null, dropped: true },
      { task: "t2", tag: 1 },
    ]);
  });
});

describe("a broker's answer to publishes", () => {
  test.each([
    ["basic.ack", "publish-confirmed"],
    ["basic.nack", "publish-refused"],
  ] as const)("%s names the one of its tag, or all up to it", (name, type) => {
    const talk = awaitingThree();
    const answer = (deliveryTag: number, multiple: boolean) =>
      name === "basic.ack"
        ? talk.broker(name, { deliveryTag, multiple })
        : talk.broker(name, { deliveryTag, multiple, requeue: false });
    answer(2, false);
    answer(3, true);
    answer(3, true);
    expect(facts(talk)).toEqual([
      { type, tasks: ["t2"], tag: 2, multiple: false },
      { type, tasks: ["t1", "t3"], tag: 3, multiple: true },
      { type, tasks: [], tag: 3, multiple: true },
    ]);
  });

  test("of tag 0 and multiple names all that are open", () => {
    const talk = awaitingThree().broker("basic.ack", { deliveryTag: 0, multiple: true });
    expect(facts(talk)).toMatchObject([{ tasks: ["t1", "t2", "t3"] }]);
  });

  test("can be foreseen, without being given", () => {
    const talk = awaitingThree();
    const fields = { deliveryTag: 2, multiple: true };
    const preview = { what: "confirm", tasks: ["t1", "t2"] };
    expect(talk.previews("broker", "basic.ack", fields)).toEqual(preview);
    expect(talk.previews("broker", "basic.ack", fields)).toEqual(preview);
  });

  test("counts also when the client never saw it", () => {
    const talk = awaitingThree();
    talk.broker("basic.ack", { deliveryTag: 1, multiple: false }, { dropped: true });
    talk.broker("basic.ack", { deliveryTag: 1, multiple: false });
    expect(facts(talk)).toMatchObject([{ tasks: ["t1"], dropped: true }, { tasks: [] }]);
  });

  test("a return says which task came back, and why", () => {
    const why = { code: 312, text: "NO_ROUTE", exchange: "", routingKey: "nowhere" };
    const talk = new Conversation().broker("basic.return", why, { task: "t1" });
    expect(facts(talk)).toEqual([
      { type: "publish-returned", task: "t1", code: 312, text: "NO_ROUTE" },
    ]);
  });
});

describe("a consumer", () => {
  test("is said to consume once the broker answers, with the prefetch then in force", () => {
    const talk = new Conversation().client("basic.qos", { prefetchCount: 5, global: false });
    const asked = { queue: "tasks", consumerTag: "", noAck: true, exclusive: false, nowait: false };
    talk.client("basic.consume", asked);
    talk.client("basic.qos", { prefetchCount: 9, global: false });
    expect(facts(talk).map(({ type }) => type)).toEqual(["prefetch-set", "prefetch-set"]);
    talk.broker("basic.consume-ok", { consumerTag: "amq.ctag-1" });
    expect(facts(talk).at(-1)).toEqual({
      type: "consuming",
      consumer: "amq.ctag-1",
      queue: "tasks",
      noAck: true,
      prefetch: 5,
    });
  });

  test("that wants no answer consumes at once", () => {
    const talk = new Conversation();
    const asked = { queue: "tasks", consumerTag: "c", noAck: false, exclusive: false };
    talk.client("basic.consume", { ...asked, nowait: true }).delivers("t1", 1);
    expect(facts(talk)).toMatchObject([{ type: "consuming", consumer: "c" }, delivered]);
  });

  test("of several: deliveries are told by the queue and the mode of their own", () => {
    const talk = new Conversation().consumes("tasks", "c").consumes("logs", "d", true).forget();
    talk.delivers("t1", 1, { consumerTag: "d" }).delivers("t2", 2);
    expect(facts(talk)).toEqual([
      { ...delivered, task: "t1", tag: 1, consumer: "d", queue: "logs", noAck: true },
      { ...delivered, task: "t2", tag: 2, consumer: "c" },
    ]);
  });

  test.each(["client", "broker"] as const)("is cancelled by the %s", (by) => {
    const talk = holdingThree();
    const fields = { consumerTag: "c", nowait: false };
    if (by === "client") talk.client("basic.cancel", fields);
    else talk.broker("basic.cancel", fields);
    expect(facts(talk)).toEqual([{ type: "consumer-cancelled", consumer: "c", by }]);
    // What it had been sent is still its own, and what comes late still has its queue.
    talk.forget().acks(1).delivers("t4", 4);
    expect(facts(talk)).toMatchObject([{ type: "acked", tasks: ["t1"] }, { queue: "tasks" }]);
  });
});

describe("basic.get", () => {
  test("is answered in the order of the questions, full or empty", () => {
    const talk = new Conversation();
    for (const queue of ["empty", "tasks", "logs"]) {
      talk.client("basic.get", { queue, noAck: queue === "logs" });
    }
    talk.broker("basic.get-empty", {});
    const got = { redelivered: true, messageCount: 0 };
    talk.broker("basic.get-ok", { deliveryTag: 1, ...got }, { task: "t1" });
    talk.broker("basic.get-ok", { deliveryTag: 2, ...got }, { task: "t2" });
    const fact = { ...delivered, consumer: null, redelivered: true };
    expect(facts(talk)).toEqual([
      { ...fact, task: "t1", tag: 1 },
      { ...fact, task: "t2", tag: 2, queue: "logs", noAck: true },
    ]);
    expect(facts(talk.forget().acks(1))).toMatchObject([{ tasks: ["t1"] }]);
  });
});

describe("a client's answer to deliveries", () => {
  test("an ack names the one of its tag, or all up to it", () => {
    const talk = holdingThree().acks(2).acks(3, true);
    expect(facts(talk)).toEqual([
      { type: "acked", tasks: ["t2"], tag: 2, multiple: false },
      { type: "acked", tasks: ["t1", "t3"], tag: 3, multiple: true },
    ]);
  });

  test("a second ack names nothing", () => {
    const talk = holdingThree().acks(1).acks(1);
    expect(facts(talk)).toMatchObject([{ tasks: ["t1"] }, { tasks: [] }]);
  });

  test("a delivery with automatic acks is never there to be acked", () => {
    const talk = new Conversation().consumes("tasks", "c", true).delivers("t1", 1).forget();
    expect(facts(talk.acks(1))).toMatchObject([{ tasks: [] }]);
  });

  test("nack and reject say whether the task goes back", () => {
    const talk = holdingThree();
    talk.client("basic.reject", { deliveryTag: 3, requeue: false });
    talk.client("basic.nack", { deliveryTag: 2, multiple: true, requeue: true });
    expect(facts(talk)).toEqual([
      { type: "rejected", tasks: ["t3"], tag: 3, multiple: false, requeue: false },
      { type: "rejected", tasks: ["t1", "t2"], tag: 2, multiple: true, requeue: true },
    ]);
  });

  test("can be foreseen, without being given", () => {
    const talk = holdingThree();
    const nack = { deliveryTag: 2, multiple: true, requeue: true };
    expect([
      talk.previews("client", "basic.ack", { deliveryTag: 2, multiple: false }),
      talk.previews("client", "basic.nack", nack),
      talk.previews("client", "basic.reject", { deliveryTag: 3, requeue: true }),
    ]).toEqual([
      { what: "ack", tasks: ["t2"] },
      { what: "reject", tasks: ["t1", "t2"] },
      { what: "reject", tasks: ["t3"] },
    ]);
    expect(facts(talk.acks(3, true))).toMatchObject([{ tasks: ["t1", "t2", "t3"] }]);
  });

  test("that was dropped leaves the task unacked", () => {
    const talk = holdingThree().acks(1, false, { dropped: true }).acks(1);
    expect(facts(talk)).toMatchObject([{ tasks: ["t1"], dropped: true }, { tasks: ["t1"] }]);
  });

  test("belongs to the channel that it came on", () => {
    const talk = holdingThree().client("channel.open", {}, { channel: 2 }).forget();
    talk.acks(1, false, { channel: 2 }).acks(1);
    expect(facts(talk)).toMatchObject([{ tasks: [] }, { tasks: ["t1"] }]);
  });
});

describe("a channel", () => {
  const why = { code: 406, text: "PRECONDITION_FAILED" };

  test("that the client closes is closed when the broker answers", () => {
    const talk = holdingThree().client("channel.close", { code: 200, text: "Goodbye" });
    talk.delivers("t4", 4); // On its way already.
    talk.broker("channel.close-ok", {});
    expect(facts(talk)).toMatchObject([
      { type: "delivered", task: "t4" },
      { type: "channel-closed", by: "client", code: 200, text: "Goodbye" },
    ]);
  });

  test("that the broker closes is closed at once, and what the client still sends is dropped", () => {
    const talk = holdingThree().broker("channel.close", why);
    talk.acks(1).publishes("t9").client("basic.reject", { deliveryTag: 2, requeue: true });
    talk.client("channel.close-ok", {});
    expect(facts(talk)).toMatchObject([
      { type: "channel-closed", by: "broker", ...why },
      { type: "acked", tasks: ["t1"], dropped: true },
      { type: "published", task: "t9", tag: null, dropped: true },
      { type: "rejected", tasks: ["t2"], dropped: true },
    ]);
    expect(facts(talk)).toHaveLength(4);
  });

  test("that the broker has closed is sent tasks of its queue behind the close", () => {
    const talk = holdingThree().broker("channel.close", why).client("channel.close-ok", {});
    talk.forget().delivers("t4", 4);
    expect(facts(talk)).toEqual([{ ...delivered, task: "t4", tag: 4, consumer: "c" }]);
  });

  test("that both close at once is closed once", () => {
    const talk = holdingThree().client("channel.close", { code: 200, text: "Goodbye" });
    talk.broker("channel.close", why).broker("channel.close-ok", {}).client("channel.close-ok", {});
    expect(facts(talk)).toEqual([{ type: "channel-closed", by: "broker", ...why }]);
  });

  test("that is opened again counts its tags from the start", () => {
    const talk = holdingThree().confirms().publishes("t7").broker("channel.close", why);
    talk.client("channel.close-ok", {}).client("channel.open", {}).forget();
    talk.acks(3, true).publishes("t8").consumes("tasks", "c").delivers("t1", 1).acks(1);
    expect(facts(talk)).toMatchObject([
      { type: "acked", tasks: [] },
      { type: "published", tag: null },
      { type: "consuming", prefetch: 0 },
      { type: "delivered", tag: 1 },
      { type: "acked", tasks: ["t1"] },
    ]);
    expect(facts(talk)[0]).not.toHaveProperty("dropped");
  });
});

describe("a connection", () => {
  test("its client is identified by product and version, or unknown", () => {
    const talk = new Conversation();
    const rest = { connectionName: null, mechanism: "PLAIN" };
    talk.client("connection.start-ok", { product: "lib", version: "1.2", ...rest });
    talk.client("connection.start-ok", { product: null, version: null, ...rest });
    expect(facts(talk)).toEqual([
      { type: "client-identified", product: "lib", version: "1.2" },
      { type: "client-identified", product: "unknown", version: "unknown" },
    ]);
  });

  test("that the broker closes ignores every channel", () => {
    const talk = holdingThree();
    talk.broker("connection.close", { code: 320, text: "CONNECTION_FORCED" }, { channel: 0 });
    talk.acks(1);
    expect(facts(talk)).toMatchObject([{ type: "acked", tasks: ["t1"], dropped: true }]);
    expect(talk.state.closing).toEqual({ by: "broker", code: 320, text: "CONNECTION_FORCED" });
    expect(talk.state.closedCleanly).toBe(false);
    talk.client("connection.close-ok", {}, { channel: 0, dropped: true });
    expect(talk.state.closedCleanly).toBe(true);
  });

  test("that the client closes is closed cleanly by the broker's answer", () => {
    const talk = new Conversation();
    talk.client("connection.close", { code: 200, text: "Goodbye" }, { channel: 0 });
    expect(talk.state.closedCleanly).toBe(false);
    talk.broker("connection.close-ok", {}, { channel: 0 });
    expect(talk.state).toMatchObject({ closing: { by: "client", code: 200 }, closedCleanly: true });
  });
});

describe("behind a client's own close of its connection", () => {
  test("acks and publishes are sent, and ignored", () => {
    const talk = holdingThree();
    talk.client("connection.close", { code: 200, text: "Goodbye" }, { channel: 0 });
    talk.client("basic.ack", { deliveryTag: 1, multiple: false }).publishes("t9");
    expect(facts(talk)).toMatchObject([
      { type: "acked", tasks: ["t1"], dropped: true },
      { type: "published", task: "t9", tag: null, dropped: true },
    ]);
  });
});

describe("what nobody here can follow is at least on record", () => {
  test("an answer up to a tag that is not unacked names nothing: the broker refuses it whole", () => {
    const talk = holdingThree().client("basic.ack", { deliveryTag: 9, multiple: true });
    talk.client("basic.ack", { deliveryTag: 3, multiple: true });
    expect(facts(talk)).toMatchObject([
      { type: "acked", tasks: [], tag: 9 },
      { type: "acked", tasks: ["t1", "t2", "t3"], tag: 3 },
    ]);
  });

  test("a channel's transactions", () => {
    expect(facts(new Conversation().client("tx.select", {}))).toEqual([
      { type: "transactions-selected" },
    ]);
  });
});

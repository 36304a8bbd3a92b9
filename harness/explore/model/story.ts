import type { Event, EventOf } from "../../history/event.ts";
import type { Chronicle } from "./chronicle.ts";
import type { Place, Publish, Story, Tale } from "./tale.ts";

/** The harness's own party that empties the queues in the end: `drained` tells what it gets. */
const DRAIN = "drain";

/** What a fault kept from somebody, he did not hear; why he did not is no matter here. */
export function storyOf({ events, deeds }: Chronicle): Story {
  const story: Story = { tales: new Map(), ends: [], downs: [], lastAt: events.at(-1)?.at ?? 0 };
  const promised = new Map(
    deeds.flatMap((deed) =>
      deed.type === "published" ? deed.tasks.map((task) => [task, deed] as const) : [],
    ),
  );
  const reader = new Reader(story, (task) => promised.get(task));
  for (const event of events) reader.read(event);
  return story;
}

type Promised = { persistent: boolean; mandatory: boolean } | undefined;

class Reader {
  readonly #story: Story;
  readonly #promised: (task: string) => Promised;

  constructor(story: Story, promised: (task: string) => Promised) {
    this.#story = story;
    this.#promised = promised;
  }

  read(event: Event): void {
    const { seq, at } = event;
    switch (event.type) {
      case "published":
        this.#published(event);
        break;
      case "publish-confirmed":
        this.#answered(event, "confirmed");
        break;
      case "publish-refused":
        this.#answered(event, "refused");
        break;
      case "publish-returned":
        this.#returned(event);
        break;
      case "delivered":
        this.#delivered(event);
        break;
      case "acked":
        this.#settled(event, "acked");
        break;
      case "rejected":
        this.#settled(event, event.requeue ? "requeued" : "rejected");
        break;
      case "effect-done":
        this.#tale(event.task).effects.push({ seq, subject: event.subject });
        break;
      case "drained":
        if (event.task !== null)
          this.#tale(event.task).drained.push({ seq, at, queue: event.queue });
        break;
      case "channel-closed":
      case "connection-closed":
        this.#ended(event);
        break;
      case "broker-down":
        this.#story.downs.push({ seq, at, clean: event.clean });
        break;
    }
  }

  #published({ task, seq, at, ...event }: EventOf<"published">): void {
    if (task === null) return;
    const { connection, channel, tag } = event;
    const { persistent, mandatory } = this.#promised(task) ?? event;
    const heard = { answer: "none", answeredAt: Number.POSITIVE_INFINITY } as const;
    const how = { persistent, mandatory, ...heard };
    this.#tale(task).publishes.push({ seq, at, connection, channel, tag, ...how });
  }

  #returned(event: EventOf<"publish-returned">): void {
    if (event.task === null || event.dropped) return;
    const publish = this.#tale(event.task).publishes.find((one) => isOpen(one, event));
    if (publish) publish.answer = "returned";
    // It stays open: the confirm comes behind.
  }

  #answered(
    event: EventOf<"publish-confirmed"> | EventOf<"publish-refused">,
    answer: "confirmed" | "refused",
  ): void {
    if (event.dropped) return;
    for (const task of event.tasks) {
      const publish = this.#tale(task ?? "").publishes.find((one) => isOpen(one, event));
      if (!publish) continue;
      if (publish.answer !== "returned") publish.answer = answer;
      publish.answeredAt = event.seq;
    }
  }

  #delivered({ task, ...event }: EventOf<"delivered">): void {
    if (task === null || event.subject === DRAIN) return;
    const { seq, at, subject, connection, channel, tag, noAck, redelivered, queue } = event;
    const place = { seq, at, subject, connection, channel, tag };
    this.#tale(task).deliveries.push({ ...place, noAck, redelivered, queue });
  }

  #settled(
    event: EventOf<"acked"> | EventOf<"rejected">,
    how: "acked" | "rejected" | "requeued",
  ): void {
    for (const task of event.tasks) {
      const delivery = this.#tale(task ?? "").deliveries.findLast((one) => isHere(one, event));
      if (delivery && !delivery.answer) delivery.answer = { how, seq: event.seq, at: event.at };
    }
  }

  #ended(event: EventOf<"channel-closed"> | EventOf<"connection-closed">): void {
    const { connection, seq, at } = event;
    if (event.type === "connection-closed") {
      this.#story.ends.push({ connection, seq, at, clean: event.clean });
      return;
    }
    const clean = event.by === "client" && event.code === 200;
    this.#story.ends.push({ connection, channel: event.channel, seq, at, clean });
  }

  #tale(task: string): Tale {
    let tale = this.#story.tales.get(task);
    if (!tale) {
      tale = { task, publishes: [], deliveries: [], effects: [], drained: [] };
      this.#story.tales.set(task, tale);
    }
    return tale;
  }
}

const isHere = (one: Place, other: Place) =>
  one.connection === other.connection && one.channel === other.channel;

const isOpen = (one: Publish, answer: Place) =>
  one.answeredAt === Number.POSITIVE_INFINITY && isHere(one, answer);

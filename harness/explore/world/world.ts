import type { ConsumeMessage } from "amqplib";
import type { EventOf } from "../../history/event.ts";
import { PUBLISHER } from "../../ledger/subjects.ts";
import type { Consumer } from "../../scenario/consumer.ts";
import type { Rig } from "../../scenario/rig.ts";
import { MissedDeadline } from "../../until.ts";
import type { Deed } from "../model/chronicle.ts";
import { type ConsumerSlot, type Slot, TASKS, type WorkerSlot } from "../plan/command.ts";
import type { Planted } from "./planted.ts";

type DeedOf<Type extends Deed["type"]> = Extract<Deed, { type: Type }>;
type About<Type extends Deed["type"]> = Omit<DeedOf<Type>, "from" | "to">;

/** A consumer in hand, by the name that the wire knows. */
export interface HeldConsumer {
  name: string;
  consumer: Consumer;
  /** What it has answered, of which the wire may not know yet. */
  answered: Set<ConsumeMessage>;
}

/** A run under way: its rig, who is there, and what was done so far. */
export class World {
  readonly rig: Rig;
  readonly planted: Planted | undefined;
  readonly deeds: Deed[] = [];
  readonly workers = new Map<WorkerSlot, { name: string; prefetch: number }>();
  readonly consumers = new Map<ConsumerSlot, HeldConsumer>();
  /** Consumers whose network was harmed. What lasts may leave them their connection, and tasks. */
  readonly strays: HeldConsumer[] = [];
  /** Tasks published so far, by this world. */
  published = 0;
  /** Ends when everything published so far is answered, or given up. */
  publishing: Promise<void> = Promise.resolve();
  /** Something lasts that keeps bytes from their end. */
  isBlocked = false;
  /** Workers' effects happen. */
  isOpen = false;
  #starts = 0;

  constructor(rig: Rig, planted: Planted | undefined) {
    this.rig = rig;
    this.planted = planted;
  }

  /** Before the first command: what is planted in this world, if anything is. */
  async furnish(): Promise<void> {
    await this.planted?.furnish?.(this.rig);
    this.planted?.meet?.(this.rig, PUBLISHER);
  }

  /** Where the history is now. */
  get now(): number {
    return this.rig.history.events.length;
  }

  /** Records what was done; it lasts until `done`, and until then it may have happened or not. */
  begin<Type extends Deed["type"]>(about: About<Type> & { type: Type }): { done(): void } {
    const deed = { ...about, from: this.now, to: Number.POSITIVE_INFINITY } as unknown as Deed;
    this.deeds.push(deed);
    return {
      done: () => {
        deed.to = this.now;
      },
    };
  }

  /** The name by which a slot's subject is known on the wire; undefined where it is free. */
  nameOf(slot: Slot | "publisher"): string | undefined {
    if (slot === "publisher") return slot;
    return slot === "w1" || slot === "w2"
      ? this.workers.get(slot)?.name
      : this.consumers.get(slot)?.name;
  }

  /** A name that nobody has had: what was ordered for a dead subject is not for the next. */
  newName(slot: Slot): string {
    this.#starts += 1;
    return `${slot}-${this.#starts}`;
  }

  isConnected(name: string): boolean {
    return this.rig.place.stage.link.connections(name) > 0;
  }

  /** How many tasks are ready in the queue, by its own count; none where there is no queue. */
  async ready(): Promise<number> {
    const channel = await this.rig.channel("onlooker");
    try {
      const { messageCount } = await channel.checkQueue(TASKS);
      await channel.close();
      return messageCount;
    } catch {
      return 0; // The broker has closed the channel to say so.
    }
  }

  /** Ends whatever lasts. */
  async heal(): Promise<void> {
    if (!this.isBlocked) return;
    this.isBlocked = false;
    this.rig.network.unblock();
    await this.rig.broker.heal();
  }

  /** Waits for something that may well not come. Says whether it did. */
  async mayBe(what: string, condition: () => boolean, deadline: number): Promise<boolean> {
    try {
      await this.rig.until(what, condition, deadline);
      return true;
    } catch (error) {
      if (error instanceof MissedDeadline) return false;
      throw error;
    }
  }

  /** The deliveries that a subject has not answered, on connections that are still there. */
  heldBy(name: string): EventOf<"delivered">[] {
    const held = new Map<string, EventOf<"delivered">>();
    for (const event of this.rig.history.events) {
      if (!("subject" in event) || event.subject !== name) continue;
      if (event.type === "delivered" && !event.noAck) held.set(keyOf(event, event.tag), event);
      if (event.type === "acked" || event.type === "rejected") {
        for (const one of held.values()) {
          const isMeant = event.multiple ? one.tag <= event.tag : one.tag === event.tag;
          if (isMeant && one.channel === event.channel) held.delete(keyOf(one, one.tag));
        }
      }
      if (event.type === "connection-closed" || event.type === "channel-closed") {
        for (const one of held.values()) {
          if (one.connection === event.connection) held.delete(keyOf(one, one.tag));
        }
      }
    }
    return [...held.values()];
  }
}

function keyOf({ connection, channel }: EventOf<"delivered">, tag: number): string {
  return `${connection}/${channel}/${tag}`;
}

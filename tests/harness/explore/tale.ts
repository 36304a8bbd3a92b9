/** Chronicles for tests of the model: what was done, and what the witnesses saw, in order. */

import type { Chronicle, Deed } from "../../../harness/explore/model/chronicle.ts";
import { accuse } from "../../../harness/explore/model/judge.ts";
import type { Terms } from "../../../harness/explore/plan/command.ts";
import type { Event, Fact } from "../../../harness/history/event.ts";
import type { Fate } from "../../../harness/ledger/fates.ts";
import { judge as account } from "../../../harness/ledger/ledger.ts";

/** Milliseconds between two events, unless a story lets time pass. */
const STEP = 1;

type Place = { subject: string; connection: number; channel: number };

/** A run, told step by step. Tasks are published to "tasks" by the publisher. */
export class Telling {
  readonly #events: Event[] = [];
  readonly #deeds: Deed[] = [];
  readonly #version: string;
  readonly #serving: string[];
  #at = 0;
  #tag = 0;

  constructor({ version = "4.3.6", serving = [] as string[] } = {}) {
    this.#version = version;
    this.#serving = serving;
  }

  passes(milliseconds: number): this {
    this.#at += milliseconds;
    return this;
  }

  saw(fact: Fact): this {
    this.#at += STEP;
    this.#events.push({ seq: this.#events.length + 1, at: this.#at, ...fact } as Event);
    return this;
  }

  declared(terms: Partial<Terms> = {}, queue = "tasks"): this {
    const whole: Terms = { type: "classic", durable: true, ...terms };
    const { type: queueType, durable, ttl, maxLength } = whole;
    const from = this.#events.length;
    const role = queue === "dead" ? "parking" : "work";
    const discards = [
      ...(ttl === undefined ? [] : (["ttl"] as const)),
      ...(maxLength === undefined ? [] : (["length-limit"] as const)),
    ];
    this.saw({ type: "queue-declared", queue, role, durable, queueType, discards });
    const to = this.#events.length;
    this.#deeds.push({ type: "declared", queue, terms: whole, accepted: true, from, to });
    return this;
  }

  deleted(queue = "tasks"): this {
    const from = this.#events.length;
    this.saw({ type: "channel-opened", ...place("remover") });
    this.#deeds.push({ type: "deleted", queue, from, to: this.#events.length });
    return this;
  }

  /** Published, and answered unless it is told otherwise. */
  published(
    task: string,
    {
      persistent = true,
      mandatory = true,
      answer = "confirmed" as "confirmed" | "refused" | "returned" | "none",
      dropped = false,
      prioritized = false,
    } = {},
  ): this {
    const where = place("publisher");
    const tag = ++this.#tag;
    const from = this.#events.length;
    this.#deeds.push({
      type: "published",
      tasks: [task],
      persistent,
      mandatory,
      prioritized,
      from,
      to: from,
    });
    const how = { exchange: "", routingKey: "tasks", persistent, mandatory, tag };
    this.saw({ type: "published", task, ...how, ...where });
    const heard = {
      tasks: [task],
      tag,
      multiple: false,
      ...(dropped ? { dropped } : {}),
      ...where,
    };
    if (answer === "returned") {
      this.saw({ type: "publish-returned", task, code: 312, text: "NO_ROUTE", ...where });
    }
    if (answer === "refused") this.saw({ type: "publish-refused", ...heard });
    else if (answer !== "none") this.saw({ type: "publish-confirmed", ...heard });
    return this;
  }

  delivered(task: string, to: string, { noAck = false, redelivered = false, tag = 1 } = {}): this {
    const about = { task, tag, redelivered, noAck, queue: "tasks", consumer: to };
    return this.saw({ type: "delivered", ...about, ...place(to) });
  }

  consumes(subject: string, prefetch: number, { noAck = false } = {}): this {
    const about = { consumer: subject, queue: "tasks", noAck, prefetch };
    return this.saw({ type: "consuming", ...about, ...place(subject) });
  }

  worked(task: string, by: string): this {
    const request = this.#events.length;
    this.saw({ type: "effect-requested", subject: by, task, request });
    return this.saw({ type: "effect-done", subject: by, task, request });
  }

  acked(task: string, by: string, { tag = 1, dropped = false } = {}): this {
    const about = {
      tasks: [task],
      tag,
      multiple: false,
      ...(dropped ? { dropped: true as const } : {}),
    };
    return this.saw({ type: "acked", ...about, ...place(by) });
  }

  rejected(task: string, by: string, requeue: boolean, { tag = 1 } = {}): this {
    return this.saw({
      type: "rejected",
      tasks: [task],
      tag,
      multiple: false,
      requeue,
      ...place(by),
    });
  }

  /** A subject's connection ends. */
  left(subject: string, clean: boolean): this {
    const { connection } = place(subject);
    return this.saw({ type: "connection-closed", subject, connection, by: "client", clean });
  }

  promisesCare(subject: string): this {
    const from = this.#events.length;
    this.#deeds.push({ type: "started", subject, acksAfterWork: true, from, to: from });
    return this;
  }

  brokerEnded(harm: "restart" | "kill" | "power-cut" = "kill"): this {
    const from = this.#events.length;
    const clean = harm === "restart";
    this.saw({ type: "broker-down", boot: "a", exitCode: clean ? 0 : 137, clean });
    this.saw({ type: "broker-up", boot: "b", version: this.#version });
    this.#deeds.push({ type: "broker", harm, from, to: this.#events.length });
    return this;
  }

  drained(task: string, queue = "tasks"): this {
    return this.saw({ type: "drained", queue, task, redelivered: false });
  }

  get chronicle(): Chronicle {
    return {
      deeds: this.#deeds,
      events: this.#events,
      serving: this.#serving,
      version: this.#version,
    };
  }

  /** The rules that it breaks, each once, by the ledger's own account of it. */
  get broken(): string[] {
    const { fates } = account(this.#events);
    const all = Object.entries(fates) as [Fate, string[]][];
    const byTask = new Map(all.flatMap(([fate, tasks]) => tasks.map((task) => [task, fate])));
    return [...new Set(accuse(this.chronicle, byTask).map(({ rule }) => rule))];
  }
}

const connections = new Map<string, number>();

/** Each subject has one connection. */
function place(subject: string): Place {
  const connection = connections.get(subject) ?? connections.size + 1;
  connections.set(subject, connection);
  return { subject, connection, channel: 1 };
}

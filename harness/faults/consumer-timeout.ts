import type { Broker } from "../broker/broker.ts";
import { evaluate } from "../broker/evaluate.ts";
import type { Event, QueueType } from "../history/event.ts";
import { until } from "../until.ts";
import { type MomentOptions, reach } from "./moments.ts";
import { Injection, type Stage } from "./stage.ts";

/**
 * Milliseconds that a consumer has for each delivery: enough for it to get to a moment, and to have
 * answered what came before, on a machine that is busy with other things.
 */
const TIMEOUT = 3_000;

/** Milliseconds between two looks of the broker at what is late; usually a minute. */
const TICK = 100;

/** Milliseconds for the broker to act on it, past the timeout itself. */
const PATIENCE = 10_000;

/**
 * Why a broker of this version lets no delivery of such a queue time out; undefined where it does.
 * From 4.3 on only quorum queues do, and cancel the consumer. Before that, the broker closes the
 * channel, whatever the queue.
 */
export function noConsumerTimeout(version: string, queueType: QueueType): string | undefined {
  const isPerQueue = version.localeCompare("4.3", "en", { numeric: true }) >= 0;
  if (!isPerQueue || queueType === "quorum") return undefined;
  return "from RabbitMQ 4.3 on, classic queues have no consumer timeout";
}

/**
 * The broker's consumer timeout: a consumer that does not ack in time loses its channel, or (from 4.3
 * on) is cancelled. Its witness is the wire.
 */
export class ConsumerTimeout {
  readonly #stage: Stage;
  /** What was set before, as Erlang prints it, until it is so again. */
  #timeout: string | undefined;
  #tick: string | undefined;

  private constructor(stage: Stage, before: { timeout: string; tick: string }) {
    this.#stage = stage;
    this.#timeout = before.timeout;
    this.#tick = before.tick;
  }

  /**
   * Makes the timeout short for whoever begins to consume from now on, until `confine`. A broker
   * looks at the setting only when a channel opens, or (from 4.3 on) when a consumer begins: the
   * subject has to start after this.
   *
   * @throws {Error} where the broker is somebody else's.
   */
  static async arm(stage: Stage): Promise<ConsumerTimeout> {
    const { broker } = stage;
    if (broker.isGiven) {
      throw new Error("A consumer timeout is a setting of the broker, and this one is not ours");
    }
    const tick = await lookOften(stage);
    const timeout = await set(broker, "consumer_timeout", String(TIMEOUT));
    return new ConsumerTimeout(stage, { tick, timeout });
  }

  /**
   * Who begins to consume from now on has the usual time. Once is enough; and best before there are
   * tasks, whose time runs while the broker is being told.
   */
  async confine(): Promise<void> {
    const timeout = this.#timeout;
    this.#timeout = undefined;
    if (timeout !== undefined) await set(this.#stage.broker, "consumer_timeout", timeout);
  }

  /**
   * Keeps the subject, which consumes by now, at a moment until the broker has taken its channel or
   * its consumer away. What it begins in their place has the usual time.
   *
   * @throws {MissedDeadline} when the subject never reaches the moment, or the broker does not act.
   * @throws {Error} when the subject takes so long to get there that it was late before.
   */
  async strike(subject: string, options: MomentOptions = { at: "mid-task" }): Promise<void> {
    const { history } = this.#stage;
    const since = history.events.length;
    const found = () => history.events.slice(since).flatMap((event) => lateness(event, subject));
    const reached = reach(this.#stage, subject, options);
    const [{ task, held }] = await Promise.all([reached, this.confine()]);
    const about = { fault: "consumer-timeout", target: subject, moment: options.at, task } as const;
    if (found().length > 0) throw new Error(`${subject} was too late before it reached its moment`);
    const injection = Injection.begin(history, about);
    // What stands on its way to the subject keeps what follows from being seen.
    if (held?.towards === "client") held.forward();
    const wait = { deadline: TIMEOUT + PATIENCE };
    const [evidence] = await until(
      `a delivery to ${subject} to time out`,
      history,
      () => found().length > 0 && found(),
      wait,
    );
    held?.forward();
    injection.witnessed(evidence as string);
    injection.healed();
  }

  /** Sets the node as it was. Once is enough. */
  async heal(): Promise<void> {
    await this.confine();
    const tick = this.#tick;
    this.#tick = undefined;
    if (tick !== undefined) await lookAsBefore(this.#stage, tick);
  }
}

/** What the broker says to a consumer that is late. */
function lateness(event: Event, subject: string): string[] {
  if (!("subject" in event) || event.subject !== subject) return [];
  if (event.type === "channel-closed" && event.by === "broker" && /timed out/.test(event.text)) {
    return [
      `the broker closed channel ${event.channel} of ${subject}: ${event.code} ${event.text}`,
    ];
  }
  if (event.type !== "consumer-cancelled" || event.by !== "broker") return [];
  return [`the broker cancelled consumer ${event.consumer} of ${subject}`];
}

/**
 * Has the broker look at what is late every `TICK`. Before 4.3 its channels do. From then on a quorum
 * queue does by itself, but can forget to for as long as it is idle: what wakes it is any command that
 * it is sent, and the one to collect its garbage changes nothing about its messages.
 *
 * @returns how often its channels looked before, as Erlang prints it.
 */
function lookOften({ broker, vhost }: Stage): Promise<string> {
  return evaluate(
    broker,
    `Wake = fun Wake() ->
       [ra:pipeline_command(amqqueue:get_pid(Queue), rabbit_fifo:make_garbage_collection())
         || Queue <- rabbit_amqqueue:list(<<"${vhost}">>),
            amqqueue:get_type(Queue) =:= rabbit_quorum_queue],
       receive after ${TICK} -> Wake() end
     end,
     register('${wakerOf(vhost)}', spawn(Wake)),
     ${setting("channel_tick_interval", String(TICK))}`,
  );
}

async function lookAsBefore({ broker, vhost }: Stage, tick: string): Promise<void> {
  await evaluate(
    broker,
    `case whereis('${wakerOf(vhost)}') of
       undefined -> gone;
       Waker -> exit(Waker, kill)
     end,
     ${setting("channel_tick_interval", tick)}`,
  );
}

/** The name of the process on the node that wakes the queues. */
function wakerOf(vhost: string): string {
  return `ackproof_waker_${vhost}`;
}

/** @returns what it was set to before, as Erlang prints it. */
function set(broker: Broker, key: string, value: string): Promise<string> {
  return evaluate(broker, setting(key, value));
}

/** An expression that sets a value, and whose value is the one before. */
function setting(key: string, value: string): string {
  return `Before = application:get_env(rabbit, ${key}, undefined),
     ok = application:set_env(rabbit, ${key}, ${value}),
     Before.`;
}

import { evaluate } from "../broker/evaluate.ts";
import type { Event, EventOf } from "../history/event.ts";
import { until } from "../until.ts";
import { binary } from "./erlang.ts";
import { type MomentOptions, reach } from "./moments.ts";
import { Injection, type Stage } from "./stage.ts";

/** What an operator gives as the reason, who gives none of his own. */
const REASON = "closed by the operator";

/** Milliseconds. A broker says goodbye at once. */
const GOODBYE_DEADLINE = 5_000;

/** AMQP's code for a connection that was forced to close. */
const FORCED = 320;

/**
 * Closes connections as `rabbitmqctl close_connection` does, and prints how many. The broker does
 * not know subjects: theirs are those that consume under these tags, or bear this name.
 */
const close = (vhost: string, name: string, tags: string[]) => `
  Tags = [${tags.map(binary)}],
  Consuming = [Pid || Consumer <- rabbit_amqqueue:consumers_all(${binary(vhost)}),
    lists:member(proplists:get_value(consumer_tag, Consumer), Tags),
    {connection, Pid} <- rabbit_channel:info(proplists:get_value(channel_pid, Consumer), [connection])],
  Named = [Pid || Pid <- rabbit_networking:local_connections(),
    [{vhost, Host}, {client_properties, Properties}] <-
      [catch rabbit_networking:connection_info(Pid, [vhost, client_properties])],
    Host =:= ${binary(vhost)},
    {<<"connection_name">>, _, Name} <- Properties,
    Name =:= ${binary(name)}],
  Pids = lists:usort(Consuming ++ Named),
  [rabbit_networking:close_connection(Pid, ${binary(REASON)}) || Pid <- Pids],
  length(Pids).`;

/**
 * Closes a subject's connections at a moment, as the broker's operator can. Its witness is the wire:
 * the broker says the protocol's goodbye on each of them.
 *
 * @throws where the subject has no connection by which the broker knows it: it has to consume, or
 * to name its connection after itself.
 */
export async function closeConnections(
  stage: Stage,
  subject: string,
  options: MomentOptions,
): Promise<void> {
  const { broker, history, vhost } = stage;
  const reached = await reach(stage, subject, options);
  const { at: moment } = options;
  const tags = history.events.flatMap((event) => tagOf(event, subject));
  const since = history.events.length;
  const about = { fault: "connection-closure", target: subject, moment } as const;
  const injection = Injection.begin(history, { ...about, task: reached.task });
  const closed = Number(await evaluate(broker, close(vhost, subject, tags)));
  reached.held?.forward();
  if (closed === 0) throw new Error(`The broker knows no connection of ${subject}`);
  const ends = () => history.events.slice(since).filter((event) => isForced(event, subject));
  await until(
    `the broker to close connections of ${subject}: ${closed}`,
    history,
    () => ends().length >= closed,
    { deadline: GOODBYE_DEADLINE, lastSeen: () => `${ends().length}` },
  );
  injection.witnessed(`connections of ${subject} that the broker closed with ${FORCED}: ${closed}`);
}

function tagOf(event: Event, subject: string): string[] {
  return event.type === "consuming" && event.subject === subject ? [event.consumer] : [];
}

function isForced(event: Event, subject: string): event is EventOf<"connection-closed"> {
  if (event.type !== "connection-closed" || event.subject !== subject) return false;
  return event.by === "broker" && event.code === FORCED;
}

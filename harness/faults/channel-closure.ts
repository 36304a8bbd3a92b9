import type { EventOf } from "../history/event.ts";
import type { History } from "../history/history.ts";
import type { ChannelPlace } from "../link/link.ts";
import { until } from "../until.ts";
import { type MomentOptions, NOW, reach } from "./moments.ts";
import { Injection, type Stage } from "./stage.ts";

/** Milliseconds. A broker refuses at once. */
const REFUSAL_DEADLINE = 5_000;

/**
 * Makes the broker close the channels on which a subject consumes, at a moment, as it does for a
 * failed precondition: by a `channel.close` of code 406. Their connections stay. Its witness is the
 * wire. It needs nothing but the link: in the subject's name, that asks for a queue that can't be.
 *
 * @throws {Error} where the subject does not consume; {MissedDeadline} where the broker does not close.
 */
export async function closeChannels(
  stage: Stage,
  subject: string,
  options: MomentOptions = NOW,
): Promise<void> {
  const { history, link } = stage;
  const { task, held } = await reach(stage, subject, options);
  const channels = channelsOf(history, subject);
  if (channels.length === 0) throw new Error(`${subject} has no channel with a consumer`);
  const since = history.events.length;
  const about = { fault: "channel-closure", target: subject, moment: options.at, task } as const;
  const injection = Injection.begin(history, about);
  for (const channel of channels) link.provokeClose(channel);
  // The close comes behind what it is sent before; and before what it sends, which is in vain.
  if (held?.towards === "client") held.forward();
  const closes = () => history.events.slice(since).filter((event) => isClose(event, channels));
  await until(
    `the broker to close channels of ${subject}: ${channels.length}`,
    history,
    () => closes().length >= channels.length,
    { deadline: REFUSAL_DEADLINE, lastSeen: () => `${closes().length}` },
  );
  if (held?.towards === "broker") held.forward();
  const codes = [...new Set(closes().map(({ code, text }) => `${code} ${text}`))];
  injection.witnessed(
    `channels that the broker closed: ${channels.length}, by ${codes.join("; ")}`,
  );
}

/** The channels on which the broker has a consumer of a subject, or had one. */
function channelsOf({ events }: History, subject: string): ChannelPlace[] {
  const open = new Map<string, ChannelPlace>();
  for (const event of events) {
    if (!("subject" in event) || event.subject !== subject) continue;
    if (event.type === "consuming") open.set(keyOf(event), event);
    if (event.type === "channel-closed") open.delete(keyOf(event));
    if (event.type !== "connection-closed") continue;
    for (const [key, { connection }] of open) if (connection === event.connection) open.delete(key);
  }
  return [...open.values()].map(({ connection, channel }) => ({ connection, channel }));
}

function isClose(
  event: History["events"][number],
  channels: ChannelPlace[],
): event is EventOf<"channel-closed"> {
  if (event.type !== "channel-closed" || event.by !== "broker") return false;
  return channels.some((channel) => keyOf(channel) === keyOf(event));
}

function keyOf({ connection, channel }: ChannelPlace): string {
  return `${connection}/${channel}`;
}

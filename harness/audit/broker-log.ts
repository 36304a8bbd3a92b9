import type { RunDirectory } from "../scenario/run-directory.ts";
import type { Bench } from "./court.ts";

/** How each entry of a broker's log begins; lines without it belong to the entry before. */
const STAMP = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}\.\d+)(Z|[+-]\d{2}:\d{2})/;

/**
 * Keeps what the broker has logged since a trial began, beside the trial's history. A broker that
 * somebody else runs keeps its log to itself, and one whose container is gone has none.
 *
 * @param since milliseconds since 1970.
 */
export async function keepBrokerLog(
  directory: RunDirectory,
  { broker }: Bench,
  since: number,
): Promise<void> {
  if (broker.isGiven) return;
  const text = await broker.log().catch(() => undefined);
  if (text !== undefined) directory.save("logs/broker.log", entriesSince(text, since));
}

/** The end of a log, from the first entry that is as new. */
export function entriesSince(text: string, since: number): string {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => {
    const [, date, time, zone] = STAMP.exec(line) ?? [];
    return date !== undefined && Date.parse(`${date}T${time}${zone}`) >= since;
  });
  return first < 0 ? "" : lines.slice(first).join("\n");
}

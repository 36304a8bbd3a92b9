import type { Event } from "./event.ts";
import { glance } from "./glance.ts";
import { LifeOf } from "./life.ts";
import { eachHistoryLine, eventIn } from "./replay.ts";

/**
 * The whole lives of some tasks, read from the file of a run in one pass: for the few that a report
 * tells of, where nobody has kept the events. Memory is that of these lives.
 *
 * @param path the file of a history, compacted or not.
 * @returns by task, what happened to it, in order; see `LifeOf`. A task that the history does not
 * name has no entry.
 * @throws {Error} that names the line when the file was cut off or is not a history.
 */
export async function livesOf(
  path: string,
  tasks: Iterable<string>,
): Promise<Map<string, Event[]>> {
  const lives = new Map([...tasks].map((task) => [task, new LifeOf(task)]));
  await eachHistoryLine(path, (line, number) => {
    const task = glance(line)?.task;
    if (task !== undefined) {
      const life = lives.get(task);
      if (life) life.see(eventIn(line, path, number));
      return;
    }
    const event = eventIn(line, path, number);
    for (const life of lives.values()) life.see(event);
  });
  const told = [...lives].filter(([, { events }]) => events.length > 0);
  return new Map(told.map(([task, { events }]) => [task, events]));
}

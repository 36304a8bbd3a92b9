/** How many characters of a line that can't be read are shown. */
const SHOWN = 80;

/** More effects than this of one task are no count of effects. */
const MOST = 10_000;

/** What stands between an id and its count: blanks, a comma, or psql's bar. */
const LINE = /^(?<id>.*?)[\s,|]+(?<count>[^\s,|]+)$/u;

/**
 * Reads lines `id count`, as a probe prints them, into the effects of each task. Without a count it
 * is one; lines about the same id add up; other ids than the tasks' are left out.
 *
 * @throws {Error} for a line that is something else. It quotes the line.
 */
export function parseCounts(text: string, tasks: ReadonlySet<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "") continue;
    const { id, count } = parseLine(line, index + 1, tasks);
    if (tasks.has(id)) counts.set(id, (counts.get(id) ?? 0) + count);
  }
  return counts;
}

function parseLine(line: string, number: number, tasks: ReadonlySet<string>) {
  const { id = line, count: digits = "1" } = tasks.has(line) ? {} : (LINE.exec(line)?.groups ?? {});
  const fail = (why: string): never => {
    const shown = line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
    throw new Error(`line ${number} ${why}: ${JSON.stringify(shown)}`);
  };
  if (id === "") fail("has a count and no id");
  if (!/^\d+$/.test(digits)) fail("is not an id and how often it was done");
  const count = Number(digits);
  if (tasks.has(id) && count > MOST) fail(`counts more than ${MOST} effects of one task`);
  return { id, count };
}

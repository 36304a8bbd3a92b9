/** What GitHub takes for the summary of one step, in bytes. */
export const SUMMARY_LIMIT = 1024 * 1024;

/**
 * As many sections as there is room for, in their order: one that is too long does not keep those
 * after it away.
 *
 * @param room bytes.
 * @param remark says that so many are left out; its room is kept.
 */
export function fitted(
  sections: readonly (readonly string[])[],
  room: number,
  remark: (left: number) => string,
): string[][] {
  const said = [remark(sections.length)];
  let free = room - sizeOf(said);
  const kept: string[][] = [];
  for (const section of sections) {
    const size = sizeOf(section);
    if (size > free) continue;
    free -= size;
    kept.push([...section]);
  }
  const left = sections.length - kept.length;
  return left === 0 ? kept : [...kept, [remark(left)]];
}

/** Of a section with the empty line before it, in bytes. */
export function sizeOf(lines: readonly string[]): number {
  return Buffer.byteLength(lines.join("\n")) + 2;
}

import stringWidth from "string-width";

const GRAPHEMES = new Intl.Segmenter();
const ELLIPSIS = "…";

/** Columns that a text takes on a terminal: some characters take two. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** A text in one line of so many columns at most, whatever is in it. */
export function cut(text: string, columns: number): string {
  const line = text.replace(/\p{Cc}/gu, " ");
  if (columnsOf(line) <= columns) return line;
  let kept = "";
  let left = columns - columnsOf(ELLIPSIS);
  for (const { segment } of GRAPHEMES.segment(line)) {
    left -= columnsOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return columns > 0 ? kept + ELLIPSIS : "";
}

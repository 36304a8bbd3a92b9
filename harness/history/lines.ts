import { open } from "node:fs/promises";

/** Bytes that are read at a time. */
const PIECE = 1 << 20;
const LINE_FEED = 10;

/**
 * Reads a text file line by line, in memory that does not grow with it.
 *
 * @param see is called with each line that ends, without its end.
 * @param pause is awaited between one piece of the file and the next.
 * @returns how many there are, and whether the file ends with the end of a line.
 */
export async function eachLine(
  path: string,
  see: (line: string) => void,
  pause: () => Promise<void> = async () => {},
): Promise<{ lines: number; isWhole: boolean }> {
  const file = await open(path);
  try {
    let piece = Buffer.allocUnsafe(PIECE);
    let length = 0;
    let lines = 0;
    for (;;) {
      const { bytesRead } = await file.read(piece, length, piece.length - length);
      if (bytesRead === 0) return { lines, isWhole: length === 0 };
      length += bytesRead;
      const end = piece.lastIndexOf(LINE_FEED, length - 1) + 1;
      if (end > 0) lines += told(piece.toString("utf8", 0, end), see);
      piece.copy(piece, 0, end, length);
      length -= end;
      await pause();
      if (length === piece.length) piece = Buffer.concat([piece], piece.length * 2);
    }
  } finally {
    await file.close();
  }
}

function told(text: string, see: (line: string) => void): number {
  let lines = 0;
  for (let from = 0, end = 0; from < text.length; from = end + 1, lines++) {
    end = text.indexOf("\n", from);
    see(text.slice(from, end));
  }
  return lines;
}

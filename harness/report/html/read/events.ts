import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { Event } from "../../../history/event.ts";
import { eventIn } from "./shape.ts";

const CHUNK = 1024 * 1024;

/** Is told what a file lacks, a sentence each. */
export type OnGap = (sentence: string) => void;

/**
 * The events of a saved history, one at a time, whatever its size. What is no event is left out,
 * and told once; so is a last line that was cut off.
 */
export function* readEvents(file: string, onGap: OnGap): Generator<Event> {
  let foreign = 0;
  let first = 0;
  let number = 0;
  for (const { text, isWhole } of linesOf(file)) {
    number++;
    const event = parse(text);
    if (event) yield event;
    else if (!isWhole) onGap(`The history ends in the middle of line ${number}: it was cut off.`);
    else if (foreign++ === 0) first = number;
  }
  if (number === 0) onGap("The history is empty: the run ended before it began.");
  if (foreign > 0) {
    const lines = foreign === 1 ? "line is" : "lines are";
    onGap(`Of the history, ${foreign} ${lines} no event and left out, the first at ${first}.`);
  }
}

interface Line {
  text: string;
  /** It ends with a line break. */
  isWhole: boolean;
}

function* linesOf(file: string): Generator<Line> {
  const descriptor = openSync(file, "r");
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.alloc(CHUNK);
  // Pieces of a line that is longer than a chunk: joined once, and not again with every chunk.
  let pieces: string[] = [];
  try {
    while (true) {
      const size = readSync(descriptor, buffer, 0, CHUNK, null);
      if (size === 0) break;
      const [head = "", ...lines] = decoder.write(buffer.subarray(0, size)).split("\n");
      pieces.push(head);
      for (const line of lines) {
        yield { text: pieces.join(""), isWhole: true };
        pieces = [line];
      }
    }
  } finally {
    closeSync(descriptor);
  }
  const text = pieces.join("") + decoder.end();
  if (text !== "") yield { text, isWhole: false };
}

function parse(line: string): Event | undefined {
  try {
    return eventIn(JSON.parse(line));
  } catch {
    return undefined;
  }
}

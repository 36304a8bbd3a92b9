import { StringDecoder } from "node:string_decoder";

/** A stream that something else may write to at any time. */
export type Output = Pick<NodeJS.WriteStream, "write">;

/**
 * Hands on whatever is written to a stream, in whole lines and from whomever it comes: a program of
 * ours, a package, or Node's own warnings.
 *
 * @returns how to stop; what is not a whole line by then is written as it is.
 */
export function passThrough(stream: Output, onLines: (text: string) => void): () => void {
  const own = stream.write;
  const decoder = new StringDecoder();
  let begun = "";
  const take = (text: string) => {
    const end = text.lastIndexOf("\n") + 1;
    const lines = end === 0 ? "" : begun + text.slice(0, end);
    begun = end === 0 ? begun + text : text.slice(end);
    if (lines !== "") onLines(lines);
  };
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    take(typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk)));
    const done = rest.at(-1);
    if (typeof done === "function") process.nextTick(done as () => void);
    return true;
  };
  return () => {
    stream.write = own;
    if (begun !== "") own.call(stream, begun);
  };
}

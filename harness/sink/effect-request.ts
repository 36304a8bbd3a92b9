import type { IncomingMessage } from "node:http";

/** What a request asks for. */
export interface Asked {
  subject: string;
  task: string;
  /** What its caller would repeat to say that it means the same effect. */
  key?: string;
}

/** Reads `POST /<subject>/<task>`; undefined where it is something else. */
export function readRequest(request: IncomingMessage): Asked | undefined {
  const [subject, task, ...rest] = segments(request.url ?? "");
  if (request.method !== "POST" || !subject || !task || rest.length > 0) return undefined;
  const key = keyOf(request);
  return key === undefined ? { subject, task } : { subject, task, key };
}

/** The value of `Idempotency-Key`, plain or in quotes; undefined for none. */
function keyOf({ headers }: IncomingMessage): string | undefined {
  const value = [headers["idempotency-key"]].flat().join().trim();
  const [, quoted] = /^"(.*)"$/.exec(value) ?? [];
  return (quoted ?? value) || undefined;
}

/** The parts of a path, decoded; none of a path that can't be. */
function segments(path: string): string[] {
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return []; // A "%" that begins no escape.
  }
}

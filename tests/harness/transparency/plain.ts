import { createHash } from "node:crypto";

/** Where an error was made is not what it says. `connection` is the client's own inside. */
const NOT_SAID = new Set(["stack", "stackAtStateChange", "connection"]);

/** What a client said, as plain data that can be compared: bytes by their number and digest. */
export function plain(value: unknown): unknown {
  if (value instanceof Error) return plainError(value);
  if (value instanceof Uint8Array) return { bytes: value.length, sha256: digest(value) };
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) return plainObject(value);
  return value;
}

export function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function plainError(error: Error): unknown {
  const { name, message } = error;
  return { name, message, ...plainObject(error) };
}

function plainObject(value: object): Record<string, unknown> {
  const said = Object.entries(value).filter(
    ([key, each]) => !NOT_SAID.has(key) && typeof each !== "function" && each !== undefined,
  );
  return Object.fromEntries(said.map(([key, each]) => [key, plain(each)]));
}

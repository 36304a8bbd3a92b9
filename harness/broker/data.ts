import { dirname } from "node:path";
import { ownedBy, ownerOf, readArchived, unpack } from "./archive.ts";

/** All of a node that outlives its container: what it stores, and the cookie that it is known by. */
const DATA = "/var/lib/rabbitmq";

/** The data of a node that is down, as an archive. */
export function readData(id: string): Promise<Buffer> {
  return readArchived(id, DATA);
}

/**
 * Hands the data of another container's node to one that has yet to start. It belongs to whom the
 * image's own belongs to: the broker's user has other numbers from image to image.
 */
export async function putData(id: string, data: Buffer): Promise<void> {
  const owner = ownerOf(await readArchived(id, DATA));
  await unpack(id, dirname(DATA), ownedBy(owner, data));
}

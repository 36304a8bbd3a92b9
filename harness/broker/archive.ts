import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { getContainerRuntimeClient } from "testcontainers";

/** A user, by the numbers that a container's files have. */
export interface Owner {
  user: number;
  group: number;
}

/** A file of a container, running or not, in the archive that the engine hands out. */
export async function readArchived(id: string, path: string): Promise<Buffer> {
  const client = await getContainerRuntimeClient();
  return buffer(await client.container.fetchArchive(client.container.getById(id), path));
}

/** Unpacks an archive into a folder of a container, running or not. */
export async function unpack(id: string, folder: string, archive: Buffer): Promise<void> {
  const { container } = await getContainerRuntimeClient();
  // As one chunk: a buffer itself would be sent byte by byte.
  await container.putArchive(container.getById(id), Readable.from([archive]), folder);
}

/** The owner of an archive's first file, which the engine makes the folder that was asked for. */
export function ownerOf(archive: Buffer): Owner {
  for (const header of headers(archive)) {
    return { user: readOctal(header, USER), group: readOctal(header, GROUP) };
  }
  throw new Error("The archive is empty, and has no owner");
}

/** A copy of an archive in which everything belongs to one owner. */
export function ownedBy({ user, group }: Owner, archive: Buffer): Buffer {
  const copy = Buffer.from(archive);
  for (const header of headers(copy)) {
    writeOctal(header, USER, user);
    writeOctal(header, GROUP, group);
    writeOctal(header, CHECKSUM, checksum(header), "\0 ");
  }
  return copy;
}

/** The header of each file. Those that only extend the next one, by a long name or so, are no file's. */
function* headers(archive: Buffer): Generator<Buffer> {
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (!EXTENSIONS.includes(header.toString("latin1", TYPE, TYPE + 1))) yield header;
    at += BLOCK + BLOCK * Math.ceil(readOctal(header, SIZE) / BLOCK);
  }
}

/** The format: blocks of 512 bytes, a header before each file's own, and empty ones at the end. */
const BLOCK = 512;

/** A number in a header: octal digits, and a byte that ends them. */
interface Field {
  at: number;
  length: number;
}

const USER: Field = { at: 108, length: 8 };
const GROUP: Field = { at: 116, length: 8 };
const SIZE: Field = { at: 124, length: 12 };
const CHECKSUM: Field = { at: 148, length: 8 };
const TYPE = 156;
const EXTENSIONS = ["x", "g", "L", "K"];

function readOctal(header: Buffer, { at, length }: Field): number {
  return Number.parseInt(header.toString("latin1", at, at + length), 8);
}

function writeOctal(header: Buffer, { at, length }: Field, value: number, end = "\0"): void {
  const digits = value.toString(8).padStart(length - end.length, "0");
  header.write(digits + end, at, "latin1");
}

/** The sum of the header's bytes, with the sum itself taken for spaces. */
function checksum(header: Buffer): number {
  const { at, length } = CHECKSUM;
  return header.reduce((sum, byte, index) => {
    const isOwn = index >= at && index < at + length;
    return sum + (isOwn ? 0x20 : byte);
  }, 0);
}

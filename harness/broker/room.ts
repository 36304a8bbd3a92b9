import { getContainerRuntimeClient } from "testcontainers";
import { SetupError } from "../errors.ts";
import type { Broker } from "./broker.ts";

/** Bytes for one node of a cluster. Idle, it has taken up to 150 MiB of memory, and little disk. */
export const NODE_MEMORY = 250e6;
export const NODE_DISK = 300e6;

/** What is left on the machine that the containers run on, in bytes. */
export interface Room {
  memory: number;
  disk: number;
}

/**
 * Is there room for so many more nodes? Asked before any of them starts: out of memory, the kernel
 * ends whichever process it likes, and out of disk, a broker blocks its publishers.
 *
 * @param broker one that runs there already.
 * @throws {SetupError} that names what is there and what is needed.
 */
export async function requireRoom(broker: Broker, nodes: number): Promise<void> {
  const lack = lackFor(nodes, await roomBeside(broker));
  if (lack) throw new SetupError(lack);
}

/** What is missing for so many nodes, in a sentence; undefined where nothing is. */
export function lackFor(nodes: number, { memory, disk }: Room): string | undefined {
  const lacks = [
    ...lacking("memory", memory, nodes * NODE_MEMORY),
    ...lacking("disk space", disk, nodes * NODE_DISK),
  ];
  if (lacks.length === 0) return undefined;
  return `There is too little ${lacks.join(", and too little ")} for a cluster of ${nodes} nodes: free some where the containers run`;
}

function lacking(what: string, there: number, needed: number): string[] {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  return there >= needed ? [] : [`${what} (${megabytes(there)} of ${megabytes(needed)})`];
}

/** A container sees the memory of its host, and on its own root the disk of the engine. */
async function roomBeside(broker: Broker): Promise<Room> {
  const { container } = await getContainerRuntimeClient();
  const command = ["sh", "-c", "cat /proc/meminfo && df -Pk /var/lib/rabbitmq"];
  const { output, exitCode } = await container.exec(container.getById(broker.id), command);
  const memory = /^MemAvailable:\s+(\d+) kB/m.exec(output)?.[1];
  const disk = /^\S+\s+\d+\s+\d+\s+(\d+)\s+\d+%/m.exec(output)?.[1];
  if (exitCode !== 0 || memory === undefined || disk === undefined) {
    throw new SetupError(`The broker's container can't tell how much room there is: ${output}`);
  }
  return { memory: Number(memory) * 1024, disk: Number(disk) * 1024 };
}

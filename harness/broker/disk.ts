import { readFile } from "node:fs/promises";
import { getContainerRuntimeClient } from "testcontainers";
import type { ContainerFile, ContainerOptions } from "./broker-container.ts";
import { runIn } from "./run-in.ts";

/**
 * What a disk that loses its power keeps of the writes that it was not told to flush: all of them,
 * none, or some by chance. It may legally do any of these; a journal and fsync are there to cope
 * with it. The seed makes the same chance again.
 */
export type Kept = "written" | "flushed" | { seed: number };

/** How many blocks of 4 KiB a disk had not been told to flush, and how many of them it lost. */
export interface Unflushed {
  unflushed: number;
  lost: number;
}

/** What is found of two files: one was synced before the cut, the other was not. */
export interface Witnesses {
  synced: boolean;
  unsynced: boolean;
}

/** Where the disk is mounted: where a broker keeps all that it wants to find again. */
export const DATA = "/var/lib/rabbitmq/mnesia";

/** Where its image and its programs lie: in the container's own layer, so that they go with it. */
const HOME = "/ackproof";
const LAUNCH = `${HOME}/launch.sh`;

/** A disk of a broker's own, whose power can be cut: see fixtures/broker/disk/launch.sh. */
export class Disk {
  readonly #container: string;

  private constructor(container: string) {
    this.#container = container;
  }

  /** The disk of a container that was launched by this command, if it has one. */
  static of(container: string, command: readonly string[] = []): Disk | undefined {
    return command.includes(LAUNCH) ? new Disk(container) : undefined;
  }

  /** What a container of an image needs to get one. Not every engine grants it. */
  static async options(image: string): Promise<Pick<ContainerOptions, "files" | "launch">> {
    const files = ["launch.sh", "mount-disk.pl", "cut-power.pl", "blank.tar.gz"].map(fileOf);
    const { user, command } = await launchOf(image);
    return {
      files: await Promise.all(files),
      launch: {
        user: "root",
        command: ["sh", LAUNCH, user, ...command],
        capabilities: ["SYS_ADMIN", "MKNOD"], // To mount, and to make the loop devices' nodes.
        securityOptions: ["apparmor=unconfined"], // Its profile forbids to mount.
        deviceCgroupRules: ["b 7:* rmw", "c 10:237 rmw"], // Loop devices, and their control.
      },
    };
  }

  /** Why a broker did not get its disk, with what would help, of what its boot failed with. */
  static reason({ message }: Error): string {
    const told = /No disk: (.*)/.exec(message)?.[1] ?? message.split("\n")[0];
    return `the container engine does not give a broker a disk of its own: ${told}`;
  }

  /** From now on, what is on the disk stays on it: only what happens later is at stake. */
  async sync(): Promise<void> {
    const script = `rm -f unsynced; echo synced > synced && sync --file-system .`;
    await runIn(this.#container, ["sh", "-c", `cd ${DATA} && ${script}`]);
  }

  /** Writes a file that nobody syncs: a power cut has to take it. */
  async writeUnsynced(): Promise<void> {
    await runIn(this.#container, ["sh", "-c", `echo unsynced > ${DATA}/unsynced`]);
  }

  /** Cuts its power. The broker is frozen by that, and has to be killed. */
  async cutPower(kept: Kept): Promise<Unflushed> {
    const how = typeof kept === "string" ? kept : String(kept.seed);
    return JSON.parse(await runIn(this.#container, ["perl", `${HOME}/cut-power.pl`, how]));
  }

  /** After a cut: which of the two files it has spared. */
  async witnesses(): Promise<Witnesses> {
    const script = "for file in synced unsynced; do [ ! -s $file ] || echo $file; done";
    const found = await runIn(this.#container, ["sh", "-c", `cd ${DATA} && ${script}`]);
    const names = found.split(/\s+/);
    return { synced: names.includes("synced"), unsynced: names.includes("unsynced") };
  }

  /** A file of the broker, by its path below the data directory. The broker has to be up. */
  read(path: string): Promise<string> {
    return runIn(this.#container, ["cat", `${DATA}/${path}`]);
  }
}

async function fileOf(name: string): Promise<ContainerFile> {
  const content = await readFile(new URL(`../../fixtures/broker/disk/${name}`, import.meta.url));
  return { content, target: `${HOME}/${name}` };
}

/** What the engine would start in a container of this image, and as whom. */
async function launchOf(image: string): Promise<{ user: string; command: string[] }> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const { User, Entrypoint, Cmd } = (await dockerode.getImage(image).inspect()).Config;
  return { user: User || "root", command: [Entrypoint ?? [], Cmd ?? []].flat() };
}

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getContainerRuntimeClient } from "testcontainers";
import { OWNER_LABEL } from "../../harness/reaper/reaper.ts";

const BROKER_FILES = join(import.meta.dirname, "../../fixtures/broker");

async function dockerode() {
  return (await getContainerRuntimeClient()).container.dockerode;
}

/** Makes an image from another one that runs this shell command instead of a broker. */
export async function imageThatRuns(name: string, from: string, command: string): Promise<void> {
  const engine = await dockerode();
  const created = await engine.createContainer({ Image: from });
  const Cmd = JSON.stringify(["sh", "-c", command]);
  const [repo, tag] = name.split(":");
  await created.commit({ repo, tag, changes: `ENTRYPOINT []\nCMD ${Cmd}` });
  await created.remove();
}

export async function removeImage(name: string): Promise<void> {
  await (await dockerode()).getImage(name).remove({ force: true });
}

/** Puts a rabbitmq.conf into a container, with these lines behind our own. */
export async function configure(container: string, lines: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "ackproof-conf-"));
  cpSync(BROKER_FILES, directory, { recursive: true });
  writeFileSync(join(directory, "rabbitmq.conf"), `${lines}\n`, { flag: "a" });
  const { stdout } = spawnSync("tar", ["-c", "-C", directory, "rabbitmq.conf"]);
  rmSync(directory, { recursive: true });
  const handle = (await dockerode()).getContainer(container);
  await handle.putArchive(stdout, { path: "/etc/rabbitmq" });
}

/**
 * A container that does nothing, with a network and a volume of its own: one resource of each kind.
 *
 * @returns how to remove them.
 */
export async function occupy(
  image: string,
  owner: string,
  label = OWNER_LABEL,
): Promise<() => Promise<void>> {
  const engine = await dockerode();
  const name = `ackproof-test-${owner.slice(0, 8)}`;
  const Labels = { [label]: owner };
  await engine.createVolume({ Name: name, Labels });
  const network = await engine.createNetwork({ Name: name, Internal: true, Labels });
  const container = await engine.createContainer({
    name,
    Image: image,
    Cmd: ["sleep", "infinity"],
    Labels,
    HostConfig: { Binds: [`${name}:/data`], NetworkMode: name },
  });
  await container.start();
  return async () => {
    await container.remove({ force: true });
    await network.remove();
    await engine.getVolume(name).remove();
  };
}

/** How many containers, networks and volumes carry this value of a label. */
export async function occupied(owner: string, label = OWNER_LABEL): Promise<number> {
  const engine = await dockerode();
  const filters = { label: [`${label}=${owner}`] };
  const containers = await engine.listContainers({ all: true, filters });
  const networks = await engine.listNetworks({ filters });
  const { Volumes } = await engine.listVolumes({ filters });
  return containers.length + networks.length + (Volumes ?? []).length;
}

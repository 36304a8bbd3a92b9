import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getContainerRuntimeClient } from "testcontainers";

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

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { aptInstall } from "../../../harness/broker/apt-install.ts";
import { type Address, connectUntilUp } from "../../../harness/broker/connect.ts";
import { hasApt, parseOsRelease } from "../../../harness/broker/engine-plan.ts";
import { findCommand } from "../../../harness/broker/tool.ts";
import { say } from "../../../harness/cli/say.ts";
import { SetupError } from "../../../harness/errors.ts";
import { entrust } from "../../../harness/reaper/reaper.ts";

export interface Haproxy {
  address: Address;
  stop(): Promise<void>;
}

/** Where haproxy is, installed first if need be and possible; otherwise why there is none. */
export async function findHaproxy(): Promise<{ command: string } | { missing: string }> {
  const installed = findCommand("haproxy");
  if (installed) return { command: installed };
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  if (process.getuid?.() !== 0 || !hasApt(parseOsRelease(release))) {
    return { missing: "haproxy is not installed, and only root on Debian or Ubuntu gets it here" };
  }
  try {
    await aptInstall(["haproxy"], { say, signal: new AbortController().signal });
  } catch (error) {
    if (error instanceof SetupError) return { missing: error.message };
    throw error;
  }
  const command = findCommand("haproxy");
  return command ? { command } : { missing: "apt installed haproxy, yet there is no such command" };
}

/** Starts haproxy as a plain TCP proxy, with its own defaults; its files go into `directory`. */
export async function startHaproxy(
  command: string,
  upstream: Address,
  directory: string,
): Promise<Haproxy> {
  const address = { host: "127.0.0.1", port: await freePort() };
  const configuration = join(directory, "haproxy.cfg");
  await writeFile(configuration, configure(address, upstream));
  const child = spawn(command, ["-db", "-f", configuration], {
    detached: true, // A group of its own, for the reaper.
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  const released = entrust(`group ${child.pid as number}`);
  const { host, port } = address;
  const url = `amqp://guest:guest@${host}:${port}`;
  const probe = await connectUntilUp(
    () => url,
    async () => {
      if (child.exitCode === null) return undefined;
      return new Error(`haproxy exited with ${child.exitCode} instead of listening`);
    },
  );
  await probe.close();
  return {
    address,
    async stop() {
      child.kill();
      await exited;
      released();
    },
  };
}

function configure(address: Address, upstream: Address): string {
  return `defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen amqp
  bind ${address.host}:${address.port}
  server broker ${upstream.host}:${upstream.port}
`;
}

/** A port that was free a moment ago: haproxy can't choose one itself and tell. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** An audit as its user runs it: a process of the command line, in a folder of the test's own. */
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChannelModel, connect } from "amqplib";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { Admin } from "../../../harness/broker/admin.ts";
import { ticks, until } from "../../../harness/until.ts";
import { laneBroker } from "../../../harness/vitest.ts";

export const MAIN = join(import.meta.dirname, "../../../harness/cli/main.ts");
export const SUBJECTS = join(import.meta.dirname, "../../../fixtures/subjects");

export const program = (file: string, ...args: string[]) => [
  "--",
  process.execPath,
  join(SUBJECTS, file),
  ...args,
];

/** To be called once in a spec file. After each of its tests, nothing of an audit may be running. */
export function badInput() {
  const folder = mkdtempSync(join(tmpdir(), "ackproof-bad-input-"));
  const place = new Place(folder, `bad-input-${process.pid}`);
  beforeAll(() => place.open());
  afterEach(async () => {
    await until("its last process to be gone", ticks, () => place.left().length === 0);
  });
  afterAll(async () => {
    await place.close();
    rmSync(folder, { recursive: true });
  });
  return place;
}

class Place {
  readonly folder: string;
  readonly vhost: string;
  /** Of a virtual host on the lane's broker, as a user gives it. */
  url = "";

  constructor(folder: string, vhost: string) {
    this.folder = folder;
    this.vhost = vhost;
  }

  async open(): Promise<void> {
    const broker = await laneBroker();
    if (!broker.amqp) throw new Error("The lane's broker is down");
    await new Admin(broker).createVhost(this.vhost);
    this.url = broker.urlOf(broker.amqp, this.vhost);
  }

  async close(): Promise<void> {
    await new Admin(await laneBroker()).deleteVhost(this.vhost);
  }

  start(args: readonly string[], env: Record<string, string> = {}) {
    const options = { cwd: this.folder, env: { RABBITMQ_IMAGE: "", ...env }, reject: false };
    return execa(process.execPath, [MAIN, "audit", ...args], options);
  }

  async audited(args: readonly string[], env?: Record<string, string>) {
    const { exitCode, stdout, stderr } = await this.start(args, env);
    expect(this.left(), "processes").toEqual([]);
    return { exitCode, stdout, stderr: this.steady(stderr) };
  }

  /** An audit on the broker that is given. */
  onGiven(...args: string[]) {
    return this.audited(["--broker", this.url, ...args]);
  }

  /** Without what differs from run to run. */
  steady(text: string): string {
    return text
      .replace(/\d{8}T\d{6}-[0-9a-f]{8}/g, "<run>")
      .replace(/-[0-9a-f]{8}-\d\d\b/g, "")
      .replace(/own-\d+/g, "own-<pid>")
      .replaceAll(this.folder, "<folder>");
  }

  /** Processes of any worker of these audits, by what it was told. */
  left(): string[] {
    return globSync("/proc/[0-9]*/environ").filter((file) => {
      try {
        return readFileSync(file, "utf8").includes(`EFFECT_LOG=${this.folder}`);
      } catch {
        return false; // It has ended, or is another user's.
      }
    });
  }

  runs(): string[] {
    return globSync(join(this.folder, ".ackproof/runs/*")).sort();
  }

  async queues(): Promise<{ name: string; arguments: Record<string, unknown> }[]> {
    const definitions = await new Admin(await laneBroker()).definitions(this.vhost);
    return JSON.parse(definitions).queues;
  }

  /** What the user does on the same broker. */
  async asUser<T>(act: (connection: ChannelModel) => Promise<T>): Promise<T> {
    const connection = await connect(this.url);
    try {
      return await act(connection);
    } finally {
      await connection.close();
    }
  }
}

/** The message alone, which is all that a user gets where there is nothing to audit. */
export function refused(message: string) {
  return { exitCode: 3, stdout: expect.any(String), stderr: `audit: ${message}` };
}

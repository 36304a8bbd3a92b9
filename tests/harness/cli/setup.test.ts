/** `setup` as a command, against an engine that is none. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "../../../harness/cli/main.ts");

let folder: string;
let engine: Server;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ackproof-setup-"));
});
afterEach(() => {
  engine.closeAllConnections();
  engine.close();
  rmSync(folder, { recursive: true });
});

/** Runs it with an engine that has this image only, and interrupts it when that is to pull one. */
async function setup(image: string) {
  engine = createServer(({ url = "" }, response) => {
    const described = { Id: "sha256:1", Config: { Labels: null, Env: ["RABBITMQ_VERSION=4.3.0"] } };
    if (url.startsWith("/images/create")) running.kill("SIGINT");
    else if (url.startsWith("/version")) response.end(JSON.stringify({ Version: "1.0" }));
    else if (url.includes(image)) response.end(JSON.stringify(described));
    else response.writeHead(404).end("{}");
  });
  const socket = join(folder, "engine.sock");
  await new Promise<void>((listening) => engine.listen(socket, listening));
  const running = execa(process.execPath, [MAIN, "setup"], {
    env: { DOCKER_HOST: `unix://${socket}`, HOME: folder, RABBITMQ_IMAGE: "rabbitmq:4.3" },
    reject: false,
  });
  const { exitCode, stdout, stderr } = await running;
  return { exitCode, stdout: stdout.split("\n"), stderr };
}

test("says what is ready, and ends well", async () => {
  expect(await setup("rabbitmq:4.3")).toEqual({
    exitCode: 0,
    stdout: ["engine: Docker 1.0, ready", "image: rabbitmq:4.3 (RabbitMQ 4.3.0), ready"],
    stderr: "",
  });
});

test("ends in order when it is interrupted", async () => {
  expect(await setup("rabbitmq:3.13")).toEqual({
    exitCode: 3,
    stdout: [
      "engine: Docker 1.0, ready",
      "image: pulling rabbitmq:4.3",
      "setup: interrupted; cleaning up",
    ],
    stderr: "setup: It was interrupted. What was ready before still is.",
  });
});

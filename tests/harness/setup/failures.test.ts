import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeBuildFailure } from "../../../harness/broker/build-failure.ts";
import { ask, progress } from "../../../harness/broker/engine-api.ts";
import { lastLines, runTool } from "../../../harness/broker/tool.ts";
import { SetupError } from "../../../harness/errors.ts";

const place = {
  suite: "sid",
  mirror: "http://mirror.example/debian",
  folder: "/var/tmp/ackproof-image-1",
  engineFolder: "/var/lib/docker",
};

describe("a failed build says what to do", () => {
  test("about a full disk, with the folders it may be", () => {
    const output = "I: Extracting dpkg\ntar: ./x: Cannot write: No space left on device\n";
    expect(describeBuildFailure("debootstrap failed", output, place)).toBe(
      "No RabbitMQ image could be built from Debian sid. A disk is full: the one of " +
        "/var/tmp/ackproof-image-1, or the engine's (/var/lib/docker). Free about 1 GB; TMPDIR " +
        "names another folder to build in. What failed: debootstrap failed\n" +
        "  I: Extracting dpkg\n  tar: ./x: Cannot write: No space left on device",
    );
  });

  test.each([
    ["E: Failed getting release file http://mirror.example/debian/dists/sid/Release"],
    ["E: Failed to fetch http://mirror.example/debian/pool/x.deb"],
    ["Temporary failure resolving 'mirror.example'"],
  ])("about the network: %s", (output) => {
    expect(describeBuildFailure("exit 1", output, place)).toContain(
      "Debian's packages can't be reached at http://mirror.example/debian. Check the network",
    );
  });

  test("about an engine that went away", () => {
    expect(describeBuildFailure("read ECONNRESET", "", place)).toContain(
      "The container engine stopped answering.",
    );
  });

  test("about missing rights", () => {
    const output = "unshare: unshare failed: Operation not permitted";
    expect(describeBuildFailure("exit 1", output, place)).toContain("It needs a root user");
  });

  test("about what it doesn't know, with the other way out", () => {
    const text = describeBuildFailure("exit 1", "", { ...place, mirror: undefined });
    expect(text).toContain("Set RABBITMQ_IMAGE");
  });
});

describe("a command", () => {
  test("that isn't installed is a setup error", async () => {
    await expect(runTool("no-such-command-at-all", [])).rejects.toThrow(
      new SetupError("The command no-such-command-at-all is not installed."),
    );
  });

  test("that fails carries what it wrote", async () => {
    const script = 'console.log("one"); console.error("two"); process.exit(4)';
    await expect(runTool(process.execPath, ["-e", script])).rejects.toMatchObject({
      name: "ToolFailure",
      message: expect.stringContaining("exit code 4"),
      output: "one\ntwo",
    });
  });

  test("is ended by its signal, and answers with the signal's reason", async () => {
    const reason = new SetupError("enough");
    const cancelSignal = AbortSignal.abort(reason);
    const forever = ["-e", "setInterval(() => {}, 1e6)"];
    await expect(runTool(process.execPath, forever, { cancelSignal })).rejects.toBe(reason);
  });

  test("is quoted by its last lines", () => {
    expect(lastLines("a\r\n\nb  \nc\n", 2)).toBe("\n  b\n  c");
    expect(lastLines("")).toBe("");
    expect(lastLines("\u001b[91mE: red\u001b[0m\n")).toBe("\n  E: red");
  });
});

describe("the engine's answers", () => {
  let server: Server;
  let respond: { status: number; body: string };
  const endpoint = () => ({
    address: "tcp://test",
    connect: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
  });

  beforeEach(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(respond.status).end(respond.body);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });

  afterEach(async () => {
    await new Promise((closed) => server.close(closed));
  });

  test("are JSON", async () => {
    respond = { status: 200, body: '{"Version":"1.2.3"}' };
    expect(await ask(endpoint(), "/version")).toEqual({ Version: "1.2.3" });
  });

  test("may refuse, with a reason", async () => {
    respond = { status: 404, body: '{"message":"No such image: x"}' };
    await expect(ask(endpoint(), "/images/x/json")).rejects.toMatchObject({
      name: "EngineRefusal",
      status: 404,
      message: "No such image: x",
    });
  });

  test("may fail after a good beginning", async () => {
    respond = {
      status: 200,
      body: '{"stream":"Step 1"}\r\n{"error":"no space left on device"}\r\n',
    };
    const steps: unknown[] = [];
    const read = async () => {
      for await (const step of progress(endpoint(), "/build", {})) steps.push(step);
    };
    await expect(read()).rejects.toThrow("no space left on device");
    expect(steps).toEqual([{ stream: "Step 1" }]);
  });
});

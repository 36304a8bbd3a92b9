/** A machine on which no audit can be made: the whole message, and the exit code. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { badInput, MAIN, program, refused } from "./bad-input.ts";

const place = badInput();
const WORKER = program("amqplib/worker.ts");

test("no container engine", async () => {
  const answer = await place.audited(WORKER, { DOCKER_HOST: "unix:///nowhere.sock" });
  expect(answer).toEqual(
    refused("No container engine answers at unix:///nowhere.sock (ENOENT). Run `npm run setup`."),
  );
  expect(place.runs()).toEqual([]);
});

test("an image that the engine does not have, and a version that is not prepared", async () => {
  expect(await place.audited(["--broker", "ackproof/nosuch:1", ...WORKER])).toEqual(
    refused(
      "The container engine doesn't have the image ackproof/nosuch:1. Run `RABBITMQ_IMAGE=ackproof/nosuch:1 npm run setup`.",
    ),
  );
  const { exitCode, stderr } = await place.audited(["--broker", "0.9", ...WORKER]);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(
    /^audit: No image with RabbitMQ 0\.9 is prepared; there is \d.*`npm run setup -- --all` prepares three versions\.$/,
  );
  expect(place.runs()).toEqual([]);
});

describe("a run directory that can't be made", () => {
  const nowhere = ["--broker", "amqp://127.0.0.1:1", ...WORKER];
  const REMEDY = "Say where there is room for it: ACKPROOF_DIR=<folder>";

  test.runIf(process.platform === "linux")("where the system makes no folders", async () => {
    expect(await place.audited(nowhere, { ACKPROOF_DIR: "/proc/ackproof/here" })).toEqual(
      refused(
        `The run directory can't be made: ENOENT: no such file or directory, mkdir '/proc/ackproof'\n${REMEDY}`,
      ),
    );
  });

  test("below a file", async () => {
    const file = join(place.folder, "a-file");
    writeFileSync(file, "");
    expect(await place.audited(nowhere, { ACKPROOF_DIR: file })).toEqual(
      refused(
        `The run directory can't be made: EEXIST: file already exists, mkdir '<folder>/a-file'\n${REMEDY}`,
      ),
    );
  });
});

/** A disk of its own, for one process and what it starts: needs the right to mount one. */
const onDisk = (size: string, path: string, script: string) => [
  ...["--mount", "--map-root-user", "sh", "-c"],
  `mount -t tmpfs -o size=${size} none ${path} && ${script}`,
];
const mayMount = spawnSync("unshare", onDisk("4k", "/mnt", "true")).status === 0;

test.runIf(mayMount).each([
  ["4k", /^audit: Can't write the run directory <folder>\/disk\/runs\/<run>\S*: ENOSPC/],
  ["64k", /^audit: Cannot write the history to <folder>\/disk\/runs\/<run>\/\S+: ENOSPC/],
])("a disk of %s that is full in the midst of it", async (size, what) => {
  const disk = join(place.folder, "disk");
  mkdirSync(disk, { recursive: true });
  const run = onDisk(size, disk, 'exec "$0" "$@"');
  const command = [process.execPath, MAIN, "audit", "--broker", place.url, ...WORKER];
  const env = { ACKPROOF_DIR: disk };
  const { exitCode, stderr } = await execa("unshare", [...run, ...command], { env, reject: false });
  const told = place.steady(stderr);
  expect({ exitCode, told }).toEqual({ exitCode: 3, told: expect.stringMatching(what) });
  const remedy = "\nMake room there, or keep runs elsewhere: ACKPROOF_DIR=<folder>";
  expect(told.endsWith(remedy)).toBe(true);
  expect(await place.queues()).toEqual([]);
});

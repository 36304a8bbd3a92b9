import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bootOnDisks } from "../../../harness/broker/boot-on-disks.ts";
import { Broker } from "../../../harness/broker/broker.ts";
import type { ContainerOptions, Launch } from "../../../harness/broker/broker-container.ts";
import { DATA, Disk, type Kept } from "../../../harness/broker/disk.ts";
import { runIn } from "../../../harness/broker/run-in.ts";
import { cutPower } from "../../../harness/faults/power-cut.ts";
import type { Stage } from "../../../harness/faults/stage.ts";
import { History } from "../../../harness/history/history.ts";
import { entrust, newOwner } from "../../../harness/reaper/reaper.ts";
import { removeResources } from "../../../harness/reaper/resources.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { keepRunsAside, tell, witnessOf } from "./told.ts";

keepRunsAside();

const owner = newOwner();
let options: ContainerOptions;

beforeAll(async () => {
  const { image } = await laneBroker();
  const done = entrust(`resources ${owner}`);
  options = { image, owner, name: `ackproof-${owner.slice(0, 8)}` };
  return async () => {
    await removeResources(owner);
    done();
  };
});

describe("a power cut", () => {
  let broker: Broker;

  beforeAll(async () => {
    broker = await Broker.boot({ ...options, ...(await Disk.options(options.image)) });
  });

  afterAll(() => broker.remove());

  const inData = (script: string) => runIn(broker.id, ["sh", "-c", `cd ${DATA} && ${script}`]);

  /** What a power cut tells its history. */
  async function cut(kept: Kept) {
    const history = new History();
    const done = await cutPower({ history, broker } as Stage, kept);
    return { ...done, told: history.events };
  }

  test("takes what was not synced, and leaves what was", async () => {
    await inData("echo old > synced-file && echo old > changed-file");
    await broker.disk?.sync();
    await inData("echo new >> changed-file && echo new > new-file");
    const { boot } = broker;
    const { told } = await cut("written");
    expect(await inData("cat synced-file changed-file; test -s new-file || echo none")).toBe(
      "old\nold\nnone",
    );
    expect(told).toMatchObject([
      { type: "fault-injected", fault: "power-cut" },
      { type: "broker-down", boot, exitCode: 137, clean: false },
      { type: "broker-up", boot: broker.boot },
      { type: "fault-witnessed" },
      { type: "fault-healed" },
    ]);
    expect(broker.boot).not.toBe(boot);
  });

  /** Which of 64 blocks the disk has kept as they were sent to it last, and never flushed. */
  async function keptBlocks(kept: Kept): Promise<string> {
    const write = (letter: string, how: string) =>
      inData(
        `tr '\\0' ${letter} < /dev/zero |
         dd of=blocks bs=4096 count=64 iflag=fullblock conv=notrunc${how} 2>&1`,
      );
    await write("o", ",fsync");
    await broker.disk?.sync();
    await write("n", " oflag=direct");
    const { unflushed } = await cut(kept);
    expect(unflushed).toBeGreaterThanOrEqual(64);
    return inData("fold -b -w 4096 blocks | cut -c 1 | tr -d '\\n'");
  }

  test("keeps of what was not flushed all, nothing, or what its seed says", async () => {
    expect(await keptBlocks("written")).toBe("n".repeat(64));
    expect(await keptBlocks("flushed")).toBe("o".repeat(64));
    const some = await keptBlocks({ seed: 7 });
    expect(some).toMatch(/^(?=.*n)(?=.*o)[no]{64}$/);
    expect(await keptBlocks({ seed: 7 })).toBe(some);
    expect(await keptBlocks({ seed: 8 })).not.toBe(some);
  });

  test("that spares what was not synced is no power cut", async () => {
    const spare = vi.spyOn(Disk.prototype, "cutPower");
    spare.mockResolvedValue({ unflushed: 0, lost: 0 });
    await expect(cut("written")).rejects.toThrow("kept what was never synced");
    spare.mockRestore();
  });

  test("that takes what was synced is no power cut", async () => {
    await inData("rm synced && sync --file-system .");
    await expect(cut("written")).rejects.toThrow("lost what was synced");
    await broker.disk?.sync();
  });
});

test("without a disk there is no power cut, and the experiment is inconclusive", async () => {
  const told = await tell("power-cut", async (rig) => {
    await rig.publish(6);
    await rig.broker.cutPower();
  });
  expect(told.outcome).toBe("inconclusive");
  expect(told.reasons.join()).toContain("The broker has no disk of its own");
  expect(witnessOf(told)).toBeUndefined();
});

describe("an engine that does not grant a disk", () => {
  const LEFT_OUT: [keyof Launch, string][] = [
    ["capabilities", "--cap-add SYS_ADMIN"],
    ["deviceCgroupRules", "--device-cgroup-rule 'b 7:* rmw'"],
  ];

  for (const [what, flag] of LEFT_OUT) {
    test(`says what would help: ${flag}`, async () => {
      const { files, launch } = await Disk.options(options.image);
      if (!launch) throw new Error("A broker is launched on its disk");
      const boot = Broker.boot({
        ...options,
        name: `${options.name}-${randomUUID().slice(0, 4)}`,
        ...(files ? { files } : {}),
        launch: { ...launch, [what]: [] },
      });
      await expect(boot).rejects.toThrow(flag);
    });
  }

  test("gives brokers without, and the reason", async () => {
    const granted = await Disk.options(options.image);
    if (granted.launch) granted.launch.capabilities = [];
    const spy = vi.spyOn(Disk, "options").mockResolvedValue(granted);
    const { brokers, diskless } = await bootOnDisks(options.image, [options]);
    spy.mockRestore();
    expect(brokers.map(({ state, disk }) => [state, disk])).toEqual([["running", undefined]]);
    expect(diskless).toContain("does not give a broker a disk of its own: it can't be mounted");
    await Promise.all(brokers.map((broker) => broker.remove()));
  });
});

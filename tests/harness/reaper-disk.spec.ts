import { afterAll, expect, onTestFinished, test } from "vitest";
import { bootOnDisks } from "../../harness/broker/boot-on-disks.ts";
import type { Broker } from "../../harness/broker/broker.ts";
import { runIn } from "../../harness/broker/run-in.ts";
import { entrust, newOwner } from "../../harness/reaper/reaper.ts";
import { removeResources } from "../../harness/reaper/resources.ts";
import { laneBroker } from "../../harness/vitest.ts";

const owner = newOwner();
const done = entrust(`resources ${owner}`);

afterAll(done);

/** A loop device, and which of its uses it is: the kernel counts them. */
interface Use {
  device: string;
  use: string;
}

/** The loop devices that a broker's disk uses. */
async function usesOf({ id }: Broker): Promise<Use[]> {
  const devices = await runIn(id, ["cat", "/ackproof/devices"]);
  return Promise.all(
    devices.split(/\s+/).map(async (path) => {
      const device = path.replace("/dev/", "");
      return { device, use: await runIn(id, ["cat", `/sys/block/${device}/diskseq`]) };
    }),
  );
}

/** Those that are still in that use, as any container of the same engine sees them. */
async function lasting(uses: Use[]): Promise<Use[]> {
  const { id } = await laneBroker();
  const found = await Promise.all(
    uses.map(({ device, use }) => {
      const isLast = `[ "$(cat diskseq)" = ${use} ] && [ -e loop/backing_file ]`;
      return runIn(id, ["sh", "-c", `cd /sys/block/${device} && ${isLast} && echo yes || echo no`]);
    }),
  );
  return uses.filter((_, index) => found[index] === "yes");
}

const STATES = [
  ["runs", async () => {}],
  ["is frozen by a power cut", (broker: Broker) => broker.disk?.cutPower("written")],
] as const;

test.for(STATES)(
  "no loop device is left of the disk of a broker that %s",
  async ([, prepare], { skip }) => {
    const { image } = await laneBroker();
    const name = `ackproof-test-${owner.slice(0, 8)}`;
    const { brokers, diskless } = await bootOnDisks(image, [{ image, owner, name }]);
    onTestFinished(() => removeResources(owner));
    const [broker] = brokers;
    if (!broker || diskless) return skip(diskless);
    const uses = await usesOf(broker);
    await prepare(broker);
    expect(await lasting(uses)).toEqual(uses); // Or there would be nothing to release.
    await removeResources(owner);
    await expect.poll(() => lasting(uses), { timeout: 10_000, interval: 100 }).toEqual([]);
  },
);

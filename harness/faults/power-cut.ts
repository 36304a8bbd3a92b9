import type { Disk, Kept, Unflushed } from "../broker/disk.ts";
import { Injection, type Stage } from "./stage.ts";

/**
 * Cuts the power of the broker and its disk, and turns it on again. What was not synced is gone; of
 * what the disk was sent and not told to flush, it keeps what it is told to.
 *
 * Its witnesses are two files on the disk: the one that was synced is found afterwards, the other is
 * not; and, as for any end of a broker, its exit code and another boot id. Unlike after a real power
 * cut, clients see their connections end at once.
 */
export async function cutPower(stage: Stage, kept: Kept): Promise<Unflushed> {
  const { broker, history } = stage;
  const disk = diskOf(stage);
  await disk.writeUnsynced();
  const injection = Injection.begin(history, {
    fault: "power-cut",
    target: "broker",
    moment: "now",
  });
  const cut = await disk.cutPower(kept).catch(async (error) => {
    await broker.kill(); // It may be frozen by now, and never move again.
    throw error;
  });
  const death = await broker.kill();
  history.record({ type: "broker-down", ...death });
  await broker.start();
  const { boot, version } = broker;
  history.record({ type: "broker-up", boot, version });
  const { synced, unsynced } = await disk.witnesses();
  if (!synced) throw new Error("The disk has lost what was synced before the power was cut");
  if (unsynced) throw new Error("The disk has kept what was never synced before the power was cut");
  injection.witnessed(
    `the disk has lost a file that was not synced, and ${cut.lost} of ${cut.unflushed} blocks ` +
      `that were not flushed; boot ${death.boot} became ${boot}`,
  );
  injection.healed();
  return cut;
}

/** Puts on disk whatever the broker has written to its files until now. */
export function syncDisk(stage: Stage): Promise<void> {
  return diskOf(stage).sync();
}

function diskOf({ broker }: Stage): Disk {
  if (!broker.disk) throw new Error("The broker has no disk of its own, whose power could be cut");
  return broker.disk;
}

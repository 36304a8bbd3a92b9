/** The program behind `entrust`: remembers what it is told, and removes it when its parent is gone. */
import { createInterface } from "node:readline";
import { OWNER_LABEL } from "./owner.ts";
import { killMarked } from "./processes.ts";
import { removeResources } from "./resources.ts";

const wards = new Set<string>();

for await (const line of createInterface({ input: process.stdin })) {
  const ward = line.slice(1);
  if (line.startsWith("+")) wards.add(ward);
  else wards.delete(ward);
}

// The quick ones first: a dead harness's subjects must not go on working meanwhile.
for (const leader of named("group")) killGroup(Number(leader));
for (const mark of named("marked")) killMarked(mark);
for (const owner of named("resources")) {
  await removeResources(owner).catch((error: Error) => {
    const filter = `label=${OWNER_LABEL}=${owner}`;
    const list = `docker ps --all --filter ${filter}; docker network ls and volume ls alike`;
    console.error(`A broker may be left behind (${list}): ${error.message}`);
  });
}

function named(kind: string): string[] {
  const words = [...wards].map((ward) => ward.split(" "));
  return words.flatMap(([first, name]) => (first === kind && name ? [name] : []));
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // ESRCH: it had ended by itself.
  }
}

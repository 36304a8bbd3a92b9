/** The program behind `entrust`: remembers what it is told, and removes it when its parent is gone. */
import { createInterface } from "node:readline";
import { removeContainers } from "./remove-containers.ts";

const wards = new Set<string>();

for await (const line of createInterface({ input: process.stdin })) {
  const ward = line.slice(1);
  if (line.startsWith("+")) wards.add(ward);
  else wards.delete(ward);
}

for (const ward of wards) {
  const [kind, name = ""] = ward.split(" ");
  if (kind === "group") killGroup(Number(name));
  if (kind === "containers") await removeContainers(name);
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // ESRCH: it had ended by itself.
  }
}

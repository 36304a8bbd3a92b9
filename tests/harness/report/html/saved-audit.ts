import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../../../../harness/history/event.ts";
import { aTrial } from "../audit-results.ts";
import { folder, saveRun } from "./saved-run.ts";

/** Saves an audit as the harness does, of trials by their names. */
export function saveAudit(trials: Record<string, readonly Event[]>): string {
  const path = join(folder(), "audit");
  const results = Object.entries(trials).map(([name, events], index) => {
    const directory = `trials/${String(index).padStart(2, "0")}`;
    saveRun(join(path, directory), { events, manifest: { title: name } });
    return aTrial({ name, directory });
  });
  const result = {
    headline: "1 task was lost in 1 of 2 trials: `node worker.mjs` does not hold.",
    command: ["node", "worker.js"],
    broker: { version: "4.3.6", image: "rabbitmq:4.3" },
    settings: { queueType: "classic" },
    trials: results,
  };
  writeFileSync(join(path, "audit.json"), JSON.stringify(result));
  return path;
}

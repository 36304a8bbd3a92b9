import { cpus, loadavg } from "node:os";
import type { Broker } from "../../harness/broker/broker.ts";
import type { Machine } from "../../harness/report/benchmarks.ts";

/** This machine before anything is measured on it: what is measured makes a load of its own. */
export function thisMachine(): Machine {
  const [first] = cpus();
  const [load = 0] = loadavg();
  const cpu = first?.model.replace(/\s+/g, " ").trim();
  return {
    cores: cpus().length,
    ...(cpu ? { cpu } : {}),
    load,
    node: process.version,
  };
}

/** Remembers which broker was measured: all benchmarks of a run take the same image. */
export class Met {
  broker: Machine["broker"];

  see({ version, image }: Pick<Broker, "version" | "image">): void {
    this.broker = { version, image };
  }
}

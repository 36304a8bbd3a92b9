import type { Address } from "../../../harness/broker/connect.ts";
import type { Connect } from "./client.ts";
import { plain } from "./plain.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** Everything that a client noticed from its connection to its end. */
export interface Observation {
  result: unknown;
  told: unknown[][];
}

export function urlOf({ host, port }: Address): string {
  return `amqp://guest:guest@${host}:${port}`;
}

/** Runs a scenario with one client, and has it close its connection. */
export async function observe(
  connect: Connect,
  url: string,
  queue: string,
  run: Scenario["run"],
): Promise<Observation> {
  const client = await connect(url);
  try {
    const result = plain(await run(client, queue));
    await client.close();
    return { result, told: client.told.lines };
  } catch (error) {
    await client.close().catch(() => {}); // The first error is the one to report.
    throw error;
  }
}

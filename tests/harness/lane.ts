import { inject } from "vitest";
import { Broker } from "../../harness/broker/broker.ts";

let attached: Promise<Broker> | undefined;

/** The broker of this vitest worker. No other spec uses it at the same time. */
export function laneBroker(): Promise<Broker> {
  const id = inject("lanes")[Number(process.env.VITEST_POOL_ID) - 1];
  if (id === undefined) throw new Error("There are fewer brokers than vitest has workers");
  attached ??= Broker.attach(id);
  return attached;
}

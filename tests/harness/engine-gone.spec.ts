import { expect, inject, test } from "vitest";
import { Broker } from "../../harness/broker/broker.ts";
import { SetupError } from "../../harness/errors.ts";
import { relay } from "./engine-relay.ts";

test("an engine that goes away in the middle of a run is a matter of setup", async () => {
  const { address, end } = await relay("127.0.0.1");
  process.env.DOCKER_HOST = address; // Looked up once in a process, and each spec file has its own.
  const lane = inject("lanes")[Number(process.env.VITEST_POOL_ID) - 1] ?? "";
  const broker = await Broker.attach(lane);
  await end();
  for (const verb of ["pause", "stop", "kill", "log"] as const) {
    const failure = await broker[verb]().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SetupError);
    expect(String(failure)).toContain("The container engine no longer answers (ECONN");
  }
});

/** An engine that is reached by `DOCKER_HOST`: only the broker is there, all else is here. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { laneBroker } from "../../harness/vitest.ts";
import { relay } from "./engine-relay.ts";
import { judge } from "./judge.ts";

/** This machine, by an address that nothing here takes for granted. */
const ELSEWHERE = "127.0.0.2";
const worker = { command: [process.execPath, "fixtures/workers/recovers.ts"] } as const;
let end: () => Promise<void>;

beforeAll(async () => {
  const way = await relay(ELSEWHERE);
  end = way.end;
  process.env.DOCKER_HOST = way.address; // Looked up once in a process, and each spec file has its own.
});

afterAll(() => end());

test("a broker is where its engine is", async () => {
  const { amqp, management } = await laneBroker();
  expect([amqp?.host, management.host]).toEqual([ELSEWHERE, ELSEWHERE]);
});

test("one that is killed there comes back for the workers here", async () => {
  const judged = await judge("broker-kill", async (rig) => {
    await rig.publish(20);
    await rig.broker.restart("SIGKILL");
    await rig.workers(2, worker);
  });
  const account = { published: 20, confirmed: 20, completed: 20 };
  expect(judged).toEqual({ outcome: "held", account, convictions: [] });
});

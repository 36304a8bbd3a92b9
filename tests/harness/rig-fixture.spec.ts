/** The rig that users' tests get, on the lane's broker; on one of its own, see package.spec.ts. */
import { test as base, expect } from "vitest";
import { SetupError } from "../../harness/errors.ts";
import { rig } from "../../harness/testing.ts";
import { laneBroker } from "../../harness/vitest.ts";

const command = [process.execPath, "fixtures/workers/recovers.ts"] as const;
const test = base.extend({ rig: rig({ queueType: "quorum" }) });
const seen: { vhost: string; container: string }[] = [];

test.for([1, 2])("a test gets a rig of its own, %i", async (_, { rig }) => {
  await rig.worker("worker-1", { command });
  expect(await rig.publish(3)).toEqual(["task-1", "task-2", "task-3"]);
  await rig.registered();
  await rig.broker.restart("SIGKILL");
  await expect(rig).toLoseNothing();
  const { vhost, broker } = rig.place.stage;
  seen.push({ vhost, container: broker.id });
});

test("and the tests of a worker share a broker, which is the lane's where there is one", async () => {
  const { id } = await laneBroker();
  expect(seen.map(({ container }) => container)).toEqual([id, id]);
  expect(new Set(seen.map(({ vhost }) => vhost)).size).toBe(2);
});

test("a test with too little time for it is refused before it begins", {
  timeout: 5000,
  fails: true,
}, async ({ rig }) => {
  rig.open();
});

test("a broker that is somebody else's is not broken", () => {
  expect(() => rig({ broker: "amqp://localhost" })).toThrow(
    new SetupError(
      "A rig breaks its broker, and so it starts one of its own: `broker` is a series such as 4.0, or an image.",
    ),
  );
});

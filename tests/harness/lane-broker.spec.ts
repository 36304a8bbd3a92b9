import { expect, test } from "vitest";
import { laneBroker } from "../../harness/vitest.ts";

test("a broker that was left down or frozen is up for the next spec", async () => {
  const broker = await laneBroker();
  await broker.pause();
  const thawed = await laneBroker();
  expect(thawed.state).toBe("running");
  expect(thawed.boot).toBe(broker.boot);
  const { boot } = await thawed.kill();
  const next = await laneBroker();
  expect(next.state).toBe("running");
  expect(next.boot).not.toBe(boot);
});

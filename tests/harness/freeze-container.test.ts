import { expect, test } from "vitest";
import { freezeContainer } from "../../harness/broker/freeze-container.ts";

/** As the engine has it, with runc on cgroup v1. */
const IN_MOTION =
  "(HTTP code 500) server error - Cannot pause container 5f8e: OCI runtime pause failed: unable to freeze: unknown ";

function containerThat(...answers: (string | undefined)[]) {
  let asked = 0;
  const pause = async () => {
    const failure = answers[asked++];
    if (failure !== undefined) throw new Error(failure);
  };
  return { pause, asked: () => asked };
}

test("a container whose processes change is asked for again, until it is frozen", async () => {
  const container = containerThat(IN_MOTION, IN_MOTION, undefined);
  await freezeContainer(container);
  expect(container.asked()).toBe(3);
});

test("what else keeps it from being frozen is told at once", async () => {
  const container = containerThat("(HTTP code 409) container 5f8e is not running");
  await expect(freezeContainer(container)).rejects.toThrow("is not running");
  expect(container.asked()).toBe(1);
});

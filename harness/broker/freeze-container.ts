import { untilAnswered } from "../until.ts";

/** What runc says where a container's processes change while it is about to freeze them. */
const IN_MOTION = /unable to freeze/;

/**
 * Has the engine freeze a container. While programs start or end in it, cgroup v1 can refuse, and
 * leaves it as it was: then the engine is asked again.
 */
export async function freezeContainer(container: { pause(): Promise<unknown> }): Promise<void> {
  await untilAnswered("the engine to freeze the broker's container", async () => {
    try {
      await container.pause();
      return true;
    } catch (error) {
      if (IN_MOTION.test((error as Error).message)) return false;
      throw error;
    }
  });
}

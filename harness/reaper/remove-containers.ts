import { OWNER_LABEL } from "./reaper.ts";

/** The engine's answers when somebody else has removed the container, or is about to. */
const GONE = 404;
const GOING = 409;

/** Removes every container of one harness, with its volumes, whatever its state. */
export async function removeContainers(owner: string): Promise<void> {
  // Imported late: the helper process that needs it only at its end stays small until then.
  const { getContainerRuntimeClient } = await import("testcontainers");
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = { label: [`${OWNER_LABEL}=${owner}`] };
  const containers = await dockerode.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(async ({ Id }) => {
      try {
        await dockerode.getContainer(Id).remove({ force: true, v: true });
      } catch (error) {
        const { statusCode } = error as { statusCode?: number };
        if (statusCode !== GONE && statusCode !== GOING) throw error;
      }
    }),
  );
}

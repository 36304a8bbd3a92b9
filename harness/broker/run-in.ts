import { getContainerRuntimeClient } from "testcontainers";

/**
 * Runs a command in a running container, as the container's own user.
 *
 * @returns what it printed.
 * @throws with what it printed, when it fails.
 */
export async function runIn(id: string, command: string[]): Promise<string> {
  const { container } = await getContainerRuntimeClient();
  const { output, exitCode } = await container.exec(container.getById(id), command);
  if (exitCode !== 0) throw new Error(`${command.join(" ")} exited with ${exitCode}: ${output}`);
  return output.trim();
}

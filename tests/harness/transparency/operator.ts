import { getContainerRuntimeClient } from "testcontainers";
import type { Broker } from "../../../harness/broker/broker.ts";

/**
 * Does what an operator does on the broker's own machine.
 *
 * @returns what the tool printed.
 * @throws when the tool fails, with what it printed.
 */
export async function rabbitmqctl(broker: Broker, ...args: string[]): Promise<string> {
  const { container } = await getContainerRuntimeClient();
  const command = ["rabbitmqctl", "--quiet", ...args];
  const { output, exitCode } = await container.exec(container.getById(broker.id), command);
  if (exitCode !== 0) throw new Error(`${command.join(" ")} exited with ${exitCode}: ${output}`);
  return output.trim();
}

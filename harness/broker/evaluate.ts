import { getContainerRuntimeClient } from "testcontainers";
import type { Broker } from "./broker.ts";

/**
 * Evaluates an Erlang expression on the broker's node, as an operator on its own machine can.
 *
 * @returns its value, as Erlang prints it.
 * @throws with what the tool printed, when it fails.
 */
export async function evaluate(broker: Broker, expression: string): Promise<string> {
  const { container } = await getContainerRuntimeClient();
  const command = ["rabbitmqctl", "--quiet", "eval", expression];
  const { output, exitCode } = await container.exec(container.getById(broker.id), command);
  if (exitCode !== 0) throw new Error(`${command.join(" ")} exited with ${exitCode}: ${output}`);
  return output.trim();
}

import { getContainerRuntimeClient } from "testcontainers";
import { DEADLINE, MissedDeadline } from "../until.ts";
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

/**
 * Evaluates an expression on the broker's node until its value is neither `false` nor an error. The
 * node itself asks again: each start of the tool costs most of a second of a processor.
 *
 * @returns the value, as Erlang prints it.
 * @throws {MissedDeadline} with the last value.
 */
export async function evaluateUntil(
  broker: Broker,
  what: string,
  expression: string,
  deadline = DEADLINE,
): Promise<string> {
  const value = await evaluate(
    broker,
    `Ask = fun() -> ${expression} end,
     End = erlang:monotonic_time(millisecond) + ${deadline},
     Again = fun Again() ->
       Value = (catch Ask()),
       IsNo = case Value of false -> true; {'EXIT', _} -> true; _ -> false end,
       case IsNo andalso erlang:monotonic_time(millisecond) < End of
         true -> receive after 20 -> Again() end;
         false when IsNo -> {missed, Value};
         false -> {met, Value}
       end
     end,
     Again().`,
  );
  const met = /^\{met,\s*([\s\S]*)\}$/.exec(value)?.[1];
  if (met !== undefined) return met;
  throw new MissedDeadline(`Waited ${deadline} ms for ${what}, in vain; last seen: ${value}`);
}

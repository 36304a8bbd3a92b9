import type { Death } from "../broker/broker.ts";
import { Injection, type Stage } from "./stage.ts";

/** How a broker ends: by SIGTERM and in order, or by SIGKILL. */
export type Ending = "graceful" | "SIGKILL";

/**
 * Ends the broker and starts it again on the same data. Its witnesses are the engine's exit code,
 * and another boot id afterwards.
 *
 * @param whileDown what to look at before the broker starts again.
 */
export async function restartBroker(
  stage: Stage,
  ending: Ending,
  whileDown: () => Promise<void> = async () => {},
): Promise<void> {
  const { broker, history } = stage;
  const fault = ending === "graceful" ? "broker-stop" : "broker-kill";
  const injection = Injection.begin(history, { fault, target: "broker", moment: "now" });
  const death: Death = ending === "graceful" ? await broker.stop() : await broker.kill();
  history.record({ type: "broker-down", ...death });
  await whileDown();
  await broker.start();
  const { boot, version } = broker;
  history.record({ type: "broker-up", boot, version });
  if (boot === death.boot) throw new Error(`The broker kept its boot id ${boot} over a restart`);
  injection.witnessed(`exit code ${death.exitCode}, boot ${death.boot} became ${boot}`);
  injection.healed();
}

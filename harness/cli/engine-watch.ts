import { requireEngine } from "../broker/engine.ts";
import { call } from "../broker/engine-api.ts";
import { SetupError } from "../errors.ts";

/** Events that never happen: the stream is only listened to for its end. */
const SILENT = JSON.stringify({ label: ["org.ackproof.nothing"] });

/**
 * Notices at once when the container engine dies, by the end of a stream that the engine keeps
 * open as long as it lives.
 *
 * @returns how to stop watching.
 */
export async function watchEngine(died: (reason: SetupError) => void): Promise<() => void> {
  const { endpoint, title } = await requireEngine();
  const stream = await call(endpoint, "/events", { query: { filters: SILENT } });
  let watching = true;
  const ended = () => {
    if (!watching) return;
    watching = false;
    died(
      new SetupError(
        `The container engine (${title} at ${endpoint.address}) went away while specs were ` +
          "running. Start it again, and then this. Brokers that it still has are listed by\n" +
          "  docker ps --all --filter label=org.ackproof.harness",
      ),
    );
  };
  stream.on("error", ended).on("close", ended).resume();
  return () => {
    watching = false;
    stream.destroy();
  };
}

import { SIGNALS } from "./interruption.ts";

/**
 * Takes back the signals from who begins to listen to them: vitest would end the process at once,
 * with the brokers still up.
 */
export async function keepingSignals<T>(action: () => Promise<T>): Promise<T> {
  const before = new Set(SIGNALS.flatMap((name) => process.listeners(name)));
  const result = await action();
  for (const name of SIGNALS) {
    const added = process.listeners(name).filter((listener) => !before.has(listener));
    for (const listener of added) process.off(name, listener);
  }
  return result;
}

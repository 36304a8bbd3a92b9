import { pad } from "../../report/text.ts";
import type { AuditOptions } from "../options.ts";
import type { Resolved } from "./resolve.ts";
import type { Key } from "./setting.ts";
import { KEYS, shown } from "./settings.ts";
import { withoutPassword } from "./without-password.ts";

/**
 * A line for each setting with its value and where that is from; without passwords.
 *
 * @param verbose also those that nobody has said anything about.
 */
export function effectiveValues({ options, sources }: Resolved, verbose = false): string[] {
  const told = KEYS.filter((key) => verbose || sources[key].from !== "default");
  const values = told.map((key) => shown(key, options[key]));
  const settingWidth = Math.max(0, ...told.map((key) => key.length));
  const valueWidth = Math.max(0, ...values.map((value) => value.length));
  return told.map((key, index) => {
    const { from, place } = sources[key];
    const origin = from === "default" ? "(default)" : `(from ${place})`;
    return `${pad(key, settingWidth)}  ${pad(values[index] ?? "", valueWidth)}  ${origin}`;
  });
}

/** The settings as they may be written down: without the passwords of URLs and the worker's variables. */
export function settingsWithoutSecrets(options: AuditOptions): Record<Key, unknown> {
  const env = Object.fromEntries(Object.keys(options.env).map((name) => [name, "***"]));
  return covered({ ...options, env }) as Record<Key, unknown>;
}

function covered(value: unknown): unknown {
  if (typeof value === "string") return withoutPassword(value);
  if (Array.isArray(value)) return value.map(covered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, covered(part)]));
}

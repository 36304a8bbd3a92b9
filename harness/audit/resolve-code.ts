import { relative, resolve as resolvePath } from "node:path";
import type { AuditConfig } from "./config/audit-config.ts";
import type { Source } from "./config/given.ts";
import { type Resolved, resolve } from "./config/resolve.ts";
import type { Key } from "./config/setting.ts";
import { KEYS, settingOf } from "./config/settings.ts";

/** By which problems are told: `tasks in the settings is ...`. */
const NAME = "the settings";

/**
 * Settings that code gives, complete and checked. Nothing else says any.
 *
 * @param folder that paths lead from.
 * @throws {SetupError} that says everything that can't be used, at once.
 */
export function resolveCode(config: AuditConfig, folder = process.cwd()): Resolved {
  const { options, sources } = resolve({
    flags: {},
    command: [],
    environment: {},
    config: { name: NAME, folder, content: config },
    cwd: process.cwd(),
  });
  // As if flags had said it: there is no config that another run could read again.
  const typed = KEYS.filter((key) => sources[key].from === "config").map((key) => {
    const source: Source = { from: "flag", place: "code", texts: textsOf(key, config, folder) };
    return [key, source];
  });
  return { options, sources: { ...sources, ...Object.fromEntries(typed) }, config: undefined };
}

/** What flags would say for it, run from the process's own folder. */
function textsOf(key: Key, config: AuditConfig, folder: string): string[] {
  const { [key]: value } = config;
  if (key === "env") return pairs(value, "=");
  if (key === "effects" && typeof value === "object") return pairs(value, ":");
  const { path } = settingOf(key);
  const [, mark = "", name = ""] = /^(@?)(.*)$/s.exec(String(value)) ?? [];
  if (path === "whole" || (path === "after @" && mark === "@")) {
    return [`${mark}${relative(process.cwd(), resolvePath(folder, name)) || "."}`];
  }
  return [value].flat().map(String);
}

function pairs(value: unknown, between: string): string[] {
  return Object.entries(value ?? {}).map(([name, what]) => `${name}${between}${what}`);
}

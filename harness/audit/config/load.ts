import { existsSync, readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SetupError } from "../../errors.ts";

/** The names that a config is looked for by. */
export const CONFIG_FILES = ["ts", "mts", "js", "mjs", "json"].map(
  (end) => `ackproof.config.${end}`,
);

export interface ConfigFile {
  /** As it is said to people. */
  name: string;
  /** The folder that its paths lead from. */
  folder: string;
  /** What it says; nobody has looked at it yet. */
  content: unknown;
}

/**
 * The config that is named, or the one in the working directory, if there is one.
 *
 * @throws {SetupError} where it can't be loaded, or there are several.
 */
export async function loadConfig(
  cwd: string,
  named: string | undefined,
): Promise<ConfigFile | undefined> {
  const name = named ?? findConfig(cwd);
  if (name === undefined) return undefined;
  const path = resolve(cwd, name);
  if (!existsSync(path)) throw new SetupError(`--config names ${name}, and there is no such file.`);
  if (!/\.([mc]?[jt]s|json)$/.test(name)) {
    throw new SetupError(`--config is a .ts, .mts, .js, .mjs or .json file, not ${name}.`);
  }
  const content = name.endsWith(".json") ? readJson(path, name) : await readModule(path, name);
  return { name, folder: dirname(path), content };
}

function findConfig(cwd: string): string | undefined {
  const [first, ...others] = CONFIG_FILES.filter((name) => existsSync(resolve(cwd, name)));
  if (others.length === 0) return first;
  throw new SetupError(
    `There are ${[first, ...others].join(" and ")}: keep one of them, or name it by --config.`,
  );
}

function readJson(path: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new SetupError(`${name} can't be read: ${(cause as Error).message}.`, { cause });
  }
}

async function readModule(path: string, name: string): Promise<unknown> {
  const url = pathToFileURL(path).href;
  const hooks = name.endsWith(".ts") ? takeAsModule(url) : undefined;
  let loaded: Record<string, unknown>;
  try {
    loaded = await import(url);
  } catch (cause) {
    throw new SetupError(`${name} can't be loaded: ${reasonOf(cause)}`, { cause });
  } finally {
    hooks?.deregister();
  }
  if ("default" in loaded) return loaded.default;
  throw new SetupError(`${name} exports no config: write \`export default { ... }\`.`);
}

/**
 * In a package of type commonjs, which `npm init` makes, Node takes a .ts file for CommonJS and
 * stumbles over its `export`; in one of no type it warns. A config is a module in every package.
 */
function takeAsModule(config: string): { deregister(): void } | undefined {
  return nodeModule.registerHooks?.({
    load: (url, context, next) =>
      next(url, url === config ? { ...context, format: "module-typescript" } : context),
  });
}

/** What an error that came of loading means, and what to do about it. */
function reasonOf(error: unknown): string {
  const { message = String(error), code } = error as NodeJS.ErrnoException;
  const [line = ""] = message.split("\n");
  if (code === "ERR_UNKNOWN_FILE_EXTENSION" || code === "ERR_NO_TYPESCRIPT") {
    return (
      `Node ${process.versions.node} can't run TypeScript, which takes 22.18 or newer. ` +
      "Use a newer Node, or a config in .mjs or .json."
    );
  }
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    return `${line}. Node only erases types: write no enums, namespaces or parameter properties.`;
  }
  if (code === "ERR_MODULE_NOT_FOUND" && line.includes("'ackproof'")) {
    return (
      "it imports ackproof, which is not installed here. Install it, or write " +
      '`export default { ... } satisfies import("ackproof").AuditConfig`, which imports nothing.'
    );
  }
  return `${line.replace(/\.$/, "")}.`;
}

/** Does a name stand for a config that is found by itself? */
export function isFoundByItself(name: string): boolean {
  return CONFIG_FILES.includes(name) && basename(name) === name;
}

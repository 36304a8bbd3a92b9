import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "./given.ts";

export interface Guess {
  command: string[];
  /** What it was guessed from. */
  from: string;
}

const FOLDERS = ["", "src", "app", "lib"];
/** What runs a file, by how its name ends. */
const PROGRAMS = {
  js: "node",
  mjs: "node",
  cjs: "node",
  ts: "node",
  mts: "node",
  py: "python3",
  rb: "ruby",
  php: "php",
};
/** These stand between a signal and the worker. */
const LAUNCHERS = ["npm", "npx", "pnpm", "yarn", "bun", "bunx", "nodemon", "pm2"];

/** The command of the worker in a folder, as far as its files tell: the most telling name first. */
export function guessCommand(folder: string): Guess | undefined {
  const { scripts, main } = manifestOf(folder);
  return (
    fromScript(folder, "worker", scripts) ??
    fromFile(folder) ??
    fromScript(folder, "start", scripts) ??
    (typeof main === "string" && existsSync(join(folder, main))
      ? { command: ["node", main], from: "main in package.json" }
      : undefined)
  );
}

function manifestOf(folder: string): Record<string, unknown> {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return isRecord(manifest) ? manifest : {};
  } catch {
    return {}; // A guess is made of what there is.
  }
}

/** Only a script that needs no shell: a shell would stand before the worker's signals. */
function fromScript(folder: string, name: string, scripts: unknown): Guess | undefined {
  const script = isRecord(scripts) ? scripts[name] : undefined;
  if (typeof script !== "string" || /["'`$&|;<>\\*?(){}~#!]/.test(script)) return undefined;
  const [program = "", ...rest] = script.trim().split(/\s+/);
  if (program === "" || program.includes("=") || LAUNCHERS.includes(program)) return undefined;
  const installed = `node_modules/.bin/${program}`;
  const isInstalled = existsSync(join(folder, installed));
  return {
    command: [isInstalled ? installed : program, ...rest],
    from: `the script "${name}" in package.json`,
  };
}

function fromFile(folder: string): Guess | undefined {
  for (const part of FOLDERS) {
    for (const [end, program] of Object.entries(PROGRAMS)) {
      const file = join(part, `worker.${end}`);
      if (existsSync(join(folder, file))) return { command: [program, file], from: file };
    }
  }
  return undefined;
}

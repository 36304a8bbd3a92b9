/** Between what flags and variables say and what a config would say. */
import type { Effects } from "../options.ts";
import type { Environment } from "./setting.ts";
import { withoutPassword } from "./without-password.ts";

const SWITCH: Record<string, boolean> = {
  true: true,
  yes: true,
  "1": true,
  false: false,
  no: false,
  "0": false,
};
const LONGEST_SHOWN = 60;

/** What is no number stays a text, and is refused as one. */
export function numberFrom(text: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

export function switchFrom(text: string): boolean | string {
  return Object.hasOwn(SWITCH, text) ? (SWITCH[text] as boolean) : text;
}

/** `probe:<command>` and `queue:<name>`, or a word. */
export function effectsFrom(text: string): unknown {
  const [, kind = "", what] = /^(probe|queue):(.*)$/s.exec(text) ?? [];
  return kind === "" ? text : { [kind]: what };
}

export function listFrom(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(",").map((word) => word.trim()));
}

/** `NAME=value`, or `NAME` for a variable that is passed on. One that isn't there is undefined. */
export function variablesFrom(texts: readonly string[], environment: Environment): unknown {
  const pairs = texts.map((text) => {
    const [name = "", ...rest] = text.split("=");
    return [name, rest.length > 0 ? rest.join("=") : environment[name]];
  });
  return Object.fromEntries(pairs);
}

export function timeShown(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

export function effectsShown(effects: Effects): string {
  if (effects.kind === "probe") return textShown(`probe:${effects.command}`);
  return effects.kind === "queue" ? `queue:${effects.queue}` : effects.kind;
}

/** On one line, not too long, and without a password. */
export function textShown(text: string): string {
  const line = withoutPassword(text).replaceAll(/\s+/g, " ");
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}...` : line;
}

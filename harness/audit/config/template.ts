import type { Guess } from "./guess-command.ts";
import { GROUPS } from "./setting.ts";
import { KEYS, settingOf } from "./settings.ts";

const HEAD = `// The settings of \`ackproof audit\`. Flags come before variables such as ACKPROOF_TASKS, and
// variables before this file. What is commented out is a default, or an example.`;

/** The type is erased before this runs, so it works where ackproof is not installed, too. */
const TAIL = `} satisfies import("ackproof").AuditConfig;`;

/** The text of an `ackproof.config.ts`. */
export function configTemplate(guess: Guess | undefined): string {
  const groups = GROUPS.map((group) => [`  // --- ${group} ---`, ...settingsOf(group)].join("\n"));
  const parts = [`export default {\n${command(guess)}`, ...groups].join("\n\n");
  return `${HEAD}\n\n${parts}\n${TAIL}\n`;
}

function command(guess: Guess | undefined): string {
  const comment = "  // The worker's command, run without a shell: a list of words.";
  if (guess) return `${comment}\n  command: [${literals(guess.command)}],`;
  return `${comment}\n  command: [], // TODO: put it here, such as ["node", "worker.js"].`;
}

function settingsOf(group: string): string[] {
  const keys = KEYS.filter((key) => settingOf(key).group === group && key !== "command");
  return keys.map((key) => {
    const { help, comment = help, example, fallback } = settingOf(key);
    return `  // ${key}: ${example ?? JSON.stringify(fallback)}, // ${comment}`;
  });
}

function literals(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(", ");
}

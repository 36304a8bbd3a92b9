import { accountInWords } from "./account-words.ts";
import { escaped } from "./document-markdown.ts";
import { placesInWords, versionsOf } from "./document-places.ts";
import { QUEUE_TYPES } from "./families.ts";
import type { SpecResult } from "./result.ts";

/**
 * What was found about a promise, said once where it is the same everywhere. Where it is not, each
 * answer stands beside its versions and types of queue, the oldest version first.
 */
export function answerLines(found: readonly SpecResult[]): string[] {
  const versions = versionsOf(found);
  const inOrder = versions.flatMap((version) =>
    QUEUE_TYPES.flatMap((type) =>
      found.filter(({ broker, queueType }) => broker.version === version && queueType === type),
    ),
  );
  const answers = [...Map.groupBy(inOrder, answerOf)];
  return answers.flatMap(([answer, where]) => {
    const [first = "", ...notes] = answer.split("\n");
    if (answers.length === 1) return [first, ...notes];
    const places = placesInWords(where, versions);
    return [`- **${places}:** ${first}`, ...notes.map((line) => `  ${line}`)];
  });
}

/** The account, and under it what the broker answered, a line for each. */
function answerOf(spec: SpecResult): string {
  const { kind, outcome, account, notes, reasons } = spec;
  if (outcome === "not-applicable") return `not applicable: ${escaped(reasons.join("; "))}`;
  if (kind === "measurement") return "Figures depend on the machine. A run prints them.";
  if (spec.underLoad) return "Exact in every run, and of as many tasks as the machine manages.";
  const bullets = notes.map((note) => `- ${escaped(note)}`);
  const tasks = Object.keys(account).length > 0;
  if (!tasks && notes.length === 1) return escaped(notes.join());
  return [tasks ? accountInWords(account) : "held, with no task involved", ...bullets].join("\n");
}

import type { ConvictionKind } from "../ledger/convictions.ts";
import { gravestFirst, happened } from "./audit-gravity.ts";
import type { AuditConviction, AuditResult } from "./audit-result.ts";
import { adversityOf, shellWords } from "./audit-words.ts";
import { counted, listInWords } from "./document-markdown.ts";

/** All that an audit found, but for the sentence itself. */
export type Finding = Pick<
  AuditResult,
  "outcome" | "command" | "observed" | "trials" | "convictions" | "doubts"
>;

const LONGEST_COMMAND = 60;

/**
 * The verdict in one sentence. Of effects that nobody saw it claims nothing: neither that no task
 * was lost, nor that none was done twice.
 */
export function headlineOf(finding: Finding): string {
  if (finding.outcome === "inconclusive") return doubt(finding);
  const claim = finding.outcome === "held" ? held(finding) : broken(finding);
  const seen = finding.observed.effects;
  return seen ? sentence(claim) : `Deliveries accounted, effects not observed: ${claim}`;
}

function held(finding: Finding): string {
  const { observed, command } = finding;
  const where = `in ${extentOf(finding)}`;
  const name = named(command);
  const allowed = finding.convictions.filter((conviction) => conviction.allowed);
  if (!observed.effects) {
    const clean = allowed.length === 0 ? "nothing" : "nothing but what is allowed";
    return `${clean} stands against ${name} ${where}.`;
  }
  const doubled = finding.trials.some(({ account }) => account.duplicated);
  if (allowed.some(({ kind }) => kind === "lost")) {
    const kinds = listInWords(kindsOf(allowed));
    return `nothing but what is allowed (${kinds}) happened ${where}: ${name} holds.`;
  }
  if (doubled || allowed.some(({ kind }) => kind === "duplicated")) {
    return `no task was lost ${where}, though some were done more than once, as allowed: ${name} holds.`;
  }
  return `no task was lost or done twice ${where}: ${name} holds.`;
}

function broken(finding: Finding): string {
  const { command, trials } = finding;
  const counting = gravestFirst(finding.convictions.filter(({ allowed }) => !allowed));
  const [gravest] = counting;
  const name = named(command);
  if (!gravest) return `${name} does not hold.`;
  const same = counting.filter(({ kind }) => kind === gravest.kind);
  const shown = new Set(same.flatMap((conviction) => conviction.trials));
  const others = kindsOf(counting).filter((kind) => kind !== gravest.kind);
  const besides = others.length === 0 ? "" : `; besides, ${listInWords(others)}`;
  const where = `in ${shown.size} of ${counted(trials.filter(isProof).length, "trial")}`;
  const what = happened(gravest.kind, tasksOf(gravest.kind, same, finding));
  return `${what} ${where}: ${name} does not hold${besides}.`;
}

/** How many tasks, in all trials that show it. */
function tasksOf(kind: ConvictionKind, convictions: AuditConviction[], { trials }: Finding) {
  const names = new Set(convictions.flatMap((conviction) => conviction.trials));
  const found = trials
    .filter(({ name }) => names.has(name))
    .flatMap((trial) => {
      const own = trial.convictions.filter((conviction) => conviction.kind === kind);
      return [...new Set(own.flatMap(({ tasks }) => tasks))];
    });
  return found.length || new Set(convictions.flatMap(({ tasks }) => tasks)).size;
}

function doubt({ command, doubts, trials }: Finding): string {
  const reasons = trials
    .filter(({ outcome }) => outcome === "inconclusive")
    .flatMap((trial) => trial.reasons.map((reason) => `${trial.name}: ${reason}`));
  const [first = "no trial proved anything.", ...others] = doubts.length > 0 ? doubts : reasons;
  const more = others.length === 0 ? "" : ` (and ${counted(others.length, "more doubt")})`;
  const [what = ""] = first.split("\n"); // What follows it is what somebody printed.
  return `Nothing is proven about ${named(command)}: ${what}${more}`;
}

/** `14 trials with 13 faults`. A trial that was not applicable is none. */
function extentOf({ trials }: Finding): string {
  const proofs = trials.filter(isProof);
  const faults = proofs.filter((trial) => adversityOf(trial) !== undefined).length;
  const extent = counted(proofs.length, "trial");
  return faults === 0 ? `${extent} without a fault` : `${extent} with ${counted(faults, "fault")}`;
}

function isProof({ outcome }: AuditResult["trials"][number]): boolean {
  return outcome === "held" || outcome === "broken";
}

function kindsOf(convictions: readonly AuditConviction[]): ConvictionKind[] {
  return [...new Set(gravestFirst(convictions).map(({ kind }) => kind))];
}

function named(command: readonly string[]): string {
  const text = shellWords(command);
  return `\`${text.length > LONGEST_COMMAND ? `${text.slice(0, LONGEST_COMMAND)}…` : text}\``;
}

function sentence(claim: string): string {
  return claim.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

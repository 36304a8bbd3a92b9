import type { Outcome } from "../ledger/verdict.ts";
import { accountInWords } from "../report/account-words.ts";
import { seconds } from "../report/text.ts";
import type { SoakState } from "./books.ts";
import type { Strike } from "./schedule.ts";
import type { SoakResult } from "./soak.ts";

const MB = 1_000_000;

export function grouped(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** How far it is, in a line: what is delivered again is acked again. @param memory that this process has, in bytes. */
export function progressLine(
  { acked, inFlight, rate }: SoakState,
  messages: number,
  memory: number,
  strike?: Strike,
): string {
  const what = strike ? `${KILLED[strike.fault]}; ` : "";
  const far = `${grouped(acked)} acks for ${grouped(messages)} tasks, ${grouped(rate)}/s`;
  return `  ${what}${far}, ${grouped(inFlight)} in flight, ${grouped(memory / MB)} MB`;
}

const KILLED: Record<Strike["fault"], string> = {
  "worker-kill": "a worker was killed",
  "broker-kill": "the broker was killed, and is back",
};

/** The verdict in a sentence, with what it is founded on. */
export function verdictSentence({ verdict, kills }: Pick<SoakResult, "verdict" | "kills">): string {
  const { outcome, account } = verdict;
  const faults = killsInWords(kills);
  const { confirmed = 0, lost = 0, remaining = 0, duplicated = 0 } = account;
  const tasks = `${grouped(confirmed)} confirmed tasks`;
  if (outcome === "inconclusive") return `${TITLES[outcome]}: nothing is proven about ${tasks}.`;
  const gone = [
    ...(lost > 0 ? [`${grouped(lost)} lost`] : []),
    ...(remaining > 0 ? [`${grouped(remaining)} left behind`] : []),
  ];
  const bad = gone.length > 0 ? gone.join(", ") : "not one was lost";
  const again = duplicated > 0 ? `, ${grouped(duplicated)} done more than once` : "";
  return `${TITLES[outcome]}: ${tasks}, ${faults}: ${bad}${again}.`;
}

const TITLES: Record<Outcome, string> = {
  held: "HELD",
  broken: "BROKEN",
  inconclusive: "INCONCLUSIVE",
};

function killsInWords({ "worker-kill": workers, "broker-kill": brokers }: SoakResult["kills"]) {
  const of = (count: number, noun: string) =>
    `${grouped(count)} ${noun} ${count === 1 ? "kill" : "kills"}`;
  return `${of(workers, "worker")}, ${of(brokers, "broker")}`;
}

/** The numbers behind it, a line each. */
export function figures(result: SoakResult): string[] {
  const { verdict, took, history, memory } = result;
  const done = verdict.account.confirmed ?? 0;
  return [
    accountInWords(verdict.account),
    `${grouped((done / took) * 1000)} tasks/s over ${seconds(took)}, outages included`,
    `memory of the harness: ${grouped(memory.peak / MB)} MB at most, ${grouped(memory.held / MB)} MB held at the end`,
    `history: ${historyInWords(history)}`,
  ];
}

function historyInWords({ before, after }: SoakResult["history"]): string {
  const size = (bytes: number) => `${(bytes / MB).toFixed(1)} MB`;
  return before === after ? size(after) : `${size(after)}, compacted from ${size(before)}`;
}

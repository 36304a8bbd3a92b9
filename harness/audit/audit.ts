import { randomBytes } from "node:crypto";
import { join, relative } from "node:path";
import { chooseBroker } from "../broker/choose-broker.ts";
import { headlineOf } from "../report/audit-headline.ts";
import type { AuditResult, SelfCheck, TrialResult } from "../report/audit-result.ts";
import { RunDirectory, runsRoot } from "../scenario/run-directory.ts";
import { type Benches, openBenches } from "./benches.ts";
import { beyondDoubt } from "./beyond-doubt.ts";
import { settingsWithoutSecrets } from "./config/effective-values.ts";
import { rerunCommand } from "./config/rerun-command.ts";
import type { Resolved } from "./config/resolve.ts";
import { withoutPassword } from "./config/without-password.ts";
import type { Bench, Court } from "./court.ts";
import { effectSourceOf } from "./effects/effects-of.ts";
import { isOwnTopology } from "./ground.ts";
import { type Charge, convictionsOf, doubtsOf, outcomeOf } from "./judgement.ts";
import { planOf } from "./plan.ts";
import { profileOf } from "./profile.ts";
import { requireCommand } from "./require-command.ts";
import { runTrial, type Tried } from "./run-trial.ts";
import { share } from "./schedule.ts";
import { type Plant, plantedDuplicate, plantedLoss } from "./self-check.ts";
import type { Circumstances, Trial } from "./trial.ts";
import { control } from "./trials/controls.ts";
import { abandonRun, beginRun, RESULT } from "./unfinished.ts";

/** Whoever watches an audit. */
export interface Watcher {
  /** Something that the user should know before the result; a sentence. */
  say(line: string): void;
  onTrial(result: TrialResult): void;
  /** Ends the audit before its time. */
  signal: AbortSignal;
}

/**
 * Audits a worker: a control run, a self-check, and every fault at every moment that applies.
 *
 * @throws {SetupError} when the worker can't be audited: there is no broker, or it never consumes.
 */
export async function audit(resolved: Resolved, watcher: Watcher): Promise<AuditResult> {
  const { options } = resolved;
  const { broker, command, env } = options;
  requireCommand(command, env.PATH ?? process.env.PATH ?? "");
  const begun = begin(resolved);
  try {
    const benches = await openBenches(
      broker?.includes("://")
        ? { url: broker, ownTopology: isOwnTopology(options) }
        : { image: await chooseBroker(broker) },
    );
    if (benches.removed !== undefined) watcher.say(benches.removed);
    try {
      return await auditOn(benches, resolved, watcher, begun);
    } finally {
      await benches.close();
    }
  } catch (error) {
    const { signal } = watcher;
    abandonRun(begun.run, resolved, signal.aborted ? signal.reason : error);
    throw error;
  }
}

/** An audit that has begun. */
interface Begun {
  /** Its run's id. */
  run: string;
  /** When. */
  at: number;
}

function begin(resolved: Resolved): Begun {
  planOf(resolved.options); // Where there is nothing to do, that is said before a broker boots.
  const begun = { run: newRun(), at: performance.now() };
  beginRun(begun.run, resolved);
  return begun;
}

/** The same, on brokers that are up. */
export async function auditOn(
  benches: Benches,
  resolved: Resolved,
  { say, onTrial, signal }: Watcher,
  { run, at }: Begun = begin(resolved),
): Promise<AuditResult> {
  const { options } = resolved;
  const effects = effectSourceOf(options.effects);
  const court: Court = { options, effects, run, signal, onTrial };
  const findings = await new Audit(court, benches).run();
  for (const note of leftovers(findings)) say(note);
  return conclude(resolved, court, benches, findings, performance.now() - at);
}

/** What a worker leaves running does not make it wrong, and is in the way of whoever starts it. */
function leftovers({ left }: Findings): string[] {
  if (left.length === 0) return [];
  const processes = (count: number) => (count === 1 ? "1 process" : `${count} processes`);
  const most = Math.max(...left.map(({ count }) => count));
  return [
    `Note: when the worker had ended, ${processes(most)} that it had started still ran, in ${left.map(({ trial }) => trial).join("; ")}. The audit killed what was left; a deployment may not.`,
  ];
}

interface Findings {
  trials: TrialResult[];
  charges: Charge[];
  selfChecks: SelfCheck[];
  /** The trials in which the worker left processes running, and how many. */
  left: { trial: string; count: number }[];
}

/** One audit on its way. */
class Audit {
  readonly #court: Court;
  readonly #benches: Benches;
  readonly #found: Findings = { trials: [], charges: [], selfChecks: [], left: [] };
  #number = 0;

  constructor(court: Court, benches: Benches) {
    this.#court = court;
    this.#benches = benches;
  }

  async run(): Promise<Findings> {
    const { shared } = this.#benches;
    const tried = await beyondDoubt(await this.#try(control, shared), this.#court);
    this.#keep(tried);
    if (!balances(tried)) return this.#found;
    const circumstances = this.#circumstances(tried);
    await this.#shared(
      [plantedLoss(), plantedDuplicate()],
      () => false,
      (plant, bench) => this.#checkSelf(plant, bench, circumstances),
    );
    await this.#shared(
      planOf(this.#court.options),
      ({ alone }) => alone === true,
      (trial, bench) => this.#tryIfApplicable(trial, bench, circumstances),
    );
    return this.#found;
  }

  /** Has things done on both brokers: what is to be alone on the one, the others wherever. */
  async #shared<Item>(
    items: readonly Item[],
    isAlone: (item: Item) => boolean,
    act: (item: Item, bench: Bench) => Promise<void>,
  ): Promise<void> {
    const { shared, own, sideBySide } = this.#benches;
    const together = {
      may: (item: Item) => !(own && isAlone(item)),
      do: (item: Item) => act(item, shared),
    };
    const alone = own && { may: () => true, do: (item: Item) => act(item, own) };
    // What must be alone takes longest: it begins first.
    const inOrder = [...items.filter(isAlone), ...items.filter((item) => !isAlone(item))];
    const hands = Array.from({ length: sideBySide }, () => together);
    await share(inOrder, alone ? [alone, ...hands] : hands);
  }

  async #try(trial: Trial, bench: Bench, circumstances?: Circumstances): Promise<Tried> {
    this.#court.signal.throwIfAborted();
    return runTrial(trial, this.#number++, bench, this.#court, circumstances);
  }

  async #tryIfApplicable(trial: Trial, bench: Bench, circumstances: Circumstances): Promise<void> {
    const hindrance = trial.hindrance?.(circumstances);
    if (hindrance !== undefined) this.#tell(notApplicable(trial, hindrance));
    else this.#keep(await this.#try(trial, bench, circumstances));
  }

  async #checkSelf({ planted, trial, check }: Plant, bench: Bench, circumstances: Circumstances) {
    const hindrance = trial.hindrance?.(circumstances);
    this.#found.selfChecks.push(
      hindrance === undefined
        ? check(await this.#try(trial, bench, circumstances), circumstances)
        : { planted, outcome: "not-applicable", sentence: hindrance },
    );
  }

  #keep({ result, charges, left }: Tried): void {
    if (left > 0) this.#found.left.push({ trial: result.name, count: left });
    this.#found.charges.push(...charges);
    this.#tell(result);
  }

  #tell(result: TrialResult): void {
    this.#found.trials.push(result);
    this.#court.onTrial(result);
  }

  #circumstances({ events, result }: Tried): Circumstances {
    const { effects, options } = this.#court;
    const { shared } = this.#benches;
    return {
      profile: profileOf(events, result.convictions),
      isLive: effects.isLive,
      sees: effects.sees,
      isWitnessOurs: options.effects.kind === "sink" || options.effects.kind === "log",
      isGiven: shared.broker.isGiven,
      ownTopology: isOwnTopology(options),
      brokerVersion: shared.broker.version,
    };
  }
}

/** Without a fault, every task is done once and nothing is left: else no fault can be blamed. */
function balances({ result: { account, outcome } }: Tried): boolean {
  return outcome !== "inconclusive" && account.published === account.completed;
}

function notApplicable({ name, fault, moment, workers }: Trial, reason: string): TrialResult {
  return {
    name,
    fault,
    moment,
    workers,
    outcome: "not-applicable",
    reasons: [reason],
    account: {},
    convictions: [],
    milliseconds: 0,
  };
}

function conclude(
  resolved: Resolved,
  { options, effects, run }: Court,
  { shared: { broker } }: Benches,
  { trials, charges, selfChecks }: Findings,
  milliseconds: number,
): AuditResult {
  const allowed = new Set(options.allow);
  if (options.duplicates === "allow") allowed.add("duplicated");
  const convictions = convictionsOf(charges, allowed);
  const doubts = doubtsOf(trials, selfChecks);
  const outcome = outcomeOf(convictions, doubts);
  const command = options.command.map(withoutPassword);
  const observed = { effects: effects.sees };
  const result: AuditResult = {
    outcome,
    headline: headlineOf({ outcome, command, observed, trials, convictions, doubts }),
    command,
    settings: settingsWithoutSecrets(options),
    broker: {
      version: broker.version,
      ...(broker.isGiven
        ? { url: withoutPassword(options.broker ?? "") }
        : { image: broker.image }),
    },
    observed,
    selfChecks,
    trials,
    convictions,
    doubts,
    seed: options.seed,
    rerun: rerunCommand(resolved),
    run: relative(process.cwd(), join(runsRoot(), run)),
    milliseconds: Math.round(milliseconds),
  };
  RunDirectory.at(run).save(RESULT, result);
  return result;
}

function newRun(): string {
  const stamp = new Date().toISOString().replace(/[-:]|\..*/g, "");
  return `${stamp}-${randomBytes(4).toString("hex")}`;
}

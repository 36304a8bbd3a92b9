import type { Event, QueueType } from "../history/event.ts";
import type { SelfCheck, TrialResult } from "../report/audit-result.ts";
import type { Benches } from "./benches.ts";
import { beyondDoubt } from "./beyond-doubt.ts";
import type { Bench, Court } from "./court.ts";
import { isOwnTopology } from "./ground.ts";
import type { Charge } from "./judgement.ts";
import { planOf } from "./plan.ts";
import { profileOf } from "./profile.ts";
import { identityOf, runTrial, type Tried } from "./run-trial.ts";
import { share } from "./schedule.ts";
import { type Plant, plantedDuplicate, plantedLoss } from "./self-check.ts";
import type { Circumstances, Trial } from "./trial.ts";
import { control } from "./trials/controls.ts";

/** What all trials of an audit have brought. */
export interface Findings {
  trials: TrialResult[];
  charges: Charge[];
  selfChecks: SelfCheck[];
  /** The trials in which the worker left processes running, and how many. */
  left: { trial: string; count: number }[];
}

/** One audit on its way: which trials there are, and on which broker each takes place. */
export class Proceedings {
  readonly #court: Court;
  readonly #benches: Benches;
  readonly #found: Findings = { trials: [], charges: [], selfChecks: [], left: [] };
  #number = 0;

  constructor(court: Court, benches: Benches) {
    this.#court = court;
    this.#benches = benches;
  }

  async run(): Promise<Findings> {
    const { shared, own, sideBySide } = this.#benches;
    const planned = planOf(this.#court.options);
    this.#court.progress?.plans([control, ...planned], own ? sideBySide + 1 : sideBySide);
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
      planned,
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
    this.#court.progress?.begins(trial);
    try {
      return await runTrial(trial, this.#number++, bench, this.#court, circumstances);
    } finally {
      this.#court.progress?.ends(trial);
    }
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

  #circumstances({ events, result, queue }: Tried): Circumstances {
    const { effects, options } = this.#court;
    const { shared } = this.#benches;
    return {
      profile: profileOf(events, result.convictions),
      isLive: effects.isLive,
      sees: effects.sees,
      isWitnessOurs: options.effects.kind === "sink" || options.effects.kind === "log",
      isGiven: shared.broker.isGiven,
      ownTopology: isOwnTopology(options),
      queueType: typeOf(queue, events) ?? options.queueType,
      brokerVersion: shared.broker.version,
    };
  }
}

/** What a queue was declared as, by the user or by the audit. */
function typeOf(queue: string, events: readonly Event[]): QueueType | undefined {
  const declared = events.findLast(
    (event) => event.type === "queue-declared" && event.queue === queue,
  );
  return declared?.type === "queue-declared" ? declared.queueType : undefined;
}

/** Without a fault, every task is done once and nothing is left: else no fault can be blamed. */
function balances({ result: { account, outcome } }: Tried): boolean {
  return outcome !== "inconclusive" && account.published === account.completed;
}

function notApplicable(trial: Trial, reason: string): TrialResult {
  return {
    ...identityOf(trial),
    outcome: "not-applicable",
    reasons: [reason],
    account: {},
    convictions: [],
    milliseconds: 0,
  };
}

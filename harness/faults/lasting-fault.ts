import type { EventOf, Moment, NetworkFault } from "../history/event.ts";
import type { Impairment } from "../link/impairment.ts";
import { type NetworkTarget, namesOf, scopeOf } from "./network-target.ts";
import { Injection, type Stage } from "./stage.ts";

interface When {
  moment: Moment;
  task: string | null;
}

/** A network fault that lasts until it is healed. */
export class LastingFault {
  readonly #injection: Injection;
  readonly #history: Stage["history"];
  readonly #heal: () => void;
  #afterwards = () => {};
  #stopWatching = () => {};
  #isHealed = false;
  /** Traffic does not get to its end before this is healed. */
  readonly isBlocking: boolean;

  private constructor(stage: Stage, injection: Injection, heal: () => void, isBlocking = true) {
    this.isBlocking = isBlocking;
    this.#history = stage.history;
    this.#injection = injection;
    this.#heal = heal;
  }

  /** Impairs what passes. Its witness is the first connection of which it has struck bytes. */
  static impairment(
    stage: Stage,
    { fault, target, ...when }: When & { fault: NetworkFault; target: NetworkTarget },
    how: Pick<Impairment, "harm" | "towards">,
  ): LastingFault {
    const injection = Injection.begin(stage.history, { fault, ...namesOf(target), ...when });
    const impairment = { injection: injection.number, scope: scopeOf(target), ...how };
    const heal = () => stage.link.heal(impairment);
    const lasting = new LastingFault(stage, injection, heal, BLOCKING.includes(fault));
    lasting.#watch("impaired", (event) => describe(event));
    stage.link.impair(impairment);
    return lasting;
  }

  /** Refuses new connections. Its witness is the first that was refused. */
  static refusal(stage: Stage, { target, ...when }: When & { target: string }): LastingFault {
    const injection = Injection.begin(stage.history, {
      fault: "connection-refusal",
      target,
      ...when,
    });
    const { subject } = scopeOf(target);
    const refusal = {
      injection: injection.number,
      scope: subject === undefined ? {} : { subject },
    };
    const lasting = new LastingFault(stage, injection, () => stage.link.lift(refusal));
    lasting.#watch("connection-refused", ({ subject }) => `${subject} was refused a connection`);
    stage.link.refuse(refusal);
    return lasting;
  }

  /** Does this too when it is healed. */
  afterwards(then: () => void): void {
    this.#afterwards = then;
  }

  /** Ends it. Once is enough. */
  heal(): void {
    if (this.#isHealed) return;
    this.#isHealed = true;
    this.#injection.healed();
    this.#heal(); // May tell what it has struck until now.
    this.#stopWatching();
    this.#afterwards();
  }

  #watch<Type extends "impaired" | "connection-refused">(
    type: Type,
    evidence: (event: EventOf<Type>) => string,
  ): void {
    this.#stopWatching = this.#history.subscribe((event) => {
      if (event.type !== type || event.injection !== this.#injection.number) return;
      this.#stopWatching();
      this.#injection.witnessed(evidence(event as EventOf<Type>));
    });
  }
}

/** Others only slow traffic down, or end one connection. */
const BLOCKING: readonly NetworkFault[] = ["half-open", "stall"];

const BECAME: Record<EventOf<"impaired">["harm"], string> = {
  "half-open": "have vanished",
  stall: "wait",
  latency: "were late",
  bandwidth: "were slowed down",
  "cut-after": "passed, and no more",
};

function describe({
  subject,
  connection,
  harm,
  towards,
  bytes,
  late,
}: EventOf<"impaired">): string {
  const to = towards === "broker" ? `from ${subject}` : `to ${subject}`;
  const by = late === undefined ? "" : ` by ${late} ms`;
  return `${bytes} bytes ${to} (connection ${connection}) ${BECAME[harm]}${by}`;
}

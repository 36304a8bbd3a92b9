import type { Held } from "../link/hold.ts";
import { DEADLINE, until } from "../until.ts";
import type { Subject } from "../workers/subject.ts";
import { type MomentOptions, reach } from "./moments.ts";
import { Injection, type Stage } from "./stage.ts";

/**
 * SIGSTOP of a subject's process group at a moment, until it is healed. Its witness is the operating
 * system, which shows every process of the group as stopped.
 *
 * What it had sent goes on, what it was to receive stands in the link until it is healed, and so do
 * the effects that it waits for.
 *
 * @param find the subject, which may be started only after this was ordered.
 * @throws {MissedDeadline} when the subject never reaches the moment, or does not stand still.
 */
export async function suspend(
  stage: Stage,
  name: string,
  find: () => Subject,
  options: MomentOptions,
): Promise<Suspension> {
  const { task, held } = await reach(stage, name, options);
  const subject = find();
  const about = { fault: "worker-pause", target: name, moment: options.at, task } as const;
  const injection = Injection.begin(stage.history, about);
  const stopped = await subject.pause();
  if (stopped === 0) throw new Error(`${name} (pid ${subject.pid}) has no process to stop`);
  injection.witnessed(`processes of ${name} (pid ${subject.pid}) that stand still: ${stopped}`);
  if (held?.towards === "broker") held.forward();
  return new Suspension(stage, subject, injection, held);
}

/** A subject that stands still: its sockets stay open, and it neither reads nor beats. */
export class Suspension {
  readonly #stage: Stage;
  readonly #subject: Subject;
  readonly #injection: Injection;
  readonly #held: Held | undefined;
  #isHealed = false;

  constructor(stage: Stage, subject: Subject, injection: Injection, held: Held | undefined) {
    this.#stage = stage;
    this.#subject = subject;
    this.#injection = injection;
    this.#held = held;
  }

  /**
   * Waits until the broker has ended every connection of the subject, having missed its heartbeats:
   * that takes two to three times the interval that the client has agreed to.
   *
   * @param deadline milliseconds.
   * @throws {MissedDeadline} when the broker keeps one, as it does for a client without heartbeats.
   */
  async givenUp(deadline = DEADLINE): Promise<void> {
    const { history, link } = this.#stage;
    const { name } = this.#subject;
    const open = () => link.connections(name);
    const lastSeen = () => `${open()} open`;
    const wait = { deadline, lastSeen };
    await until(`the broker to give up the connections of ${name}`, history, () => !open(), wait);
  }

  /** Lets it go on. Once is enough; of a subject that was killed meanwhile nothing is asked. */
  async heal(): Promise<void> {
    if (this.#isHealed) return;
    this.#isHealed = true;
    this.#injection.healed();
    if (this.#subject.state === "paused") this.#subject.signal("SIGCONT");
    this.#held?.forward();
  }
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

interface Question {
  name: string;
  argument: unknown;
}

type Answer = { value: unknown } | { error: string };

/** What a helper process can be asked, by name. One argument each, which must survive a message. */
export type Answers = Record<string, (argument: never) => unknown>;

/**
 * A process of the benchmark's own, asked one thing at a time. It ends with this process, however
 * that ends: its channel closes.
 */
export class Helper<A extends Answers> {
  readonly #child: ChildProcess;

  constructor(program: URL, execArgv: string[] = []) {
    this.#child = fork(program, { execArgv });
  }

  /** @throws {Error} with the helper's words when it fails, or when it is gone. */
  async ask<N extends keyof A & string>(
    name: N,
    ...[argument]: Parameters<A[N]>
  ): Promise<Awaited<ReturnType<A[N]>>> {
    const question: Question = { name, argument };
    const gone = new AbortController();
    const { signal } = gone;
    const exited = once(this.#child, "exit", { signal }).then(([code]): Answer => {
      return { error: `the helper process exited with ${code} instead of an answer` };
    });
    const answered = once(this.#child, "message", { signal }).then(([answer]) => answer as Answer);
    for (const outcome of [exited, answered]) outcome.catch(() => {}); // The one not awaited.
    this.#child.send(question);
    const answer = await Promise.race([exited, answered]).finally(() => gone.abort());
    if ("error" in answer) throw new Error(`${name}: ${answer.error}`);
    return answer.value as Awaited<ReturnType<A[N]>>;
  }

  /** Lets it end in order. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    if (this.#child.connected) this.#child.disconnect();
    await exited;
  }
}

/** The helper's side: answers what it is asked until its channel closes, then ends the process. */
export function answerQuestions(answers: Answers): void {
  process.on("message", async ({ name, argument }: Question) => {
    const answer = answers[name] as ((argument: unknown) => unknown) | undefined;
    try {
      if (!answer) throw new Error("no such question");
      process.send?.({ value: await answer(argument) });
    } catch (error) {
      process.send?.({
        error: error instanceof Error ? (error.stack ?? error.message) : `${error}`,
      });
    }
  });
  process.on("disconnect", () => process.exit());
}

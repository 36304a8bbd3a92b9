import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { SetupError } from "../errors.ts";
import { ELSEWHERE } from "../history/file.ts";
import { makeFolder } from "./make-folder.ts";

/** What a run was made of: enough to judge it again, and to run it again. */
export interface Manifest {
  title: string;
  /** The command that runs the same experiment again. */
  rerun: string;
  fault: string;
  broker: { image: string; version: string; digest?: string | undefined };
  node: string;
  startedAt: string;
  [setting: string]: unknown;
}

/** Where runs are kept, from the working directory unless `ACKPROOF_DIR` says otherwise. */
export function runsRoot(): string {
  return resolve(process.env.ACKPROOF_DIR ?? ".ackproof", "runs");
}

/** The directory of one run. It is kept unless the experiment is discarded. */
export class RunDirectory {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @throws {SetupError} when the disk does not let it. */
  static create(id: string, manifest: Manifest): RunDirectory {
    const run = new RunDirectory(join(runsRoot(), id));
    run.#write(() => makeFolder(join(run.path, "logs")));
    run.save("manifest.json", manifest);
    return run;
  }

  /** One that is there, or is made by what is in it. */
  static at(id: string): RunDirectory {
    return new RunDirectory(join(runsRoot(), id));
  }

  get history(): string {
    return join(this.path, "history.ndjson");
  }

  log(name: string): string {
    return join(this.path, "logs", `${name}.log`);
  }

  /** The `EFFECT_LOG` of a subject. */
  effectLog(subject: string): string {
    return join(this.path, "logs", `${subject}.effects`);
  }

  /** Writes text as it is, and anything else as JSON. */
  save(file: string, content: unknown): void {
    const text = typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`;
    this.#write(() => writeFileSync(join(this.path, file), text));
  }

  discard(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #write(action: () => void): void {
    try {
      action();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SetupError(`Can't write the run directory ${this.path}: ${reason}\n${ELSEWHERE}`, {
        cause,
      });
    }
  }
}

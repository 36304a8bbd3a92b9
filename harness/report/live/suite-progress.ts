import type { TestCase, TestModule, TestSpecification } from "vitest/node";
import { counted } from "../document-markdown.ts";
import { elapsed, mean, runningLine, timeLeft } from "./time-left.ts";

/** Tests of a project that end before it is said how long its others may take. */
const ENOUGH = 2;

/** A file of tests. Its tests are known once it is loaded. */
interface File {
  project: string;
  /** When it was begun, and what of it is to be run; undefined before. */
  since?: number;
  until?: number;
  tests?: string[];
}

/** What there is to see of a run of tests while it takes its time. Times are milliseconds. */
export class SuiteProgress {
  readonly #clock: () => number;
  readonly #began: number;
  readonly #files = new Map<string, File>();
  readonly #toRun = new Set<string>();
  readonly #running = new Map<string, { title: string; since: number }>();
  readonly #ended = new Map<string, "passed" | "failed" | "skipped">();
  #lanes = 1;

  constructor(clock = () => performance.now()) {
    this.#clock = clock;
    this.#began = clock();
  }

  plans(specifications: readonly TestSpecification[]): void {
    for (const { moduleId, project } of specifications) {
      this.#files.set(keyOf(project.name, moduleId), { project: project.name });
      this.#lanes = Number(project.vitest.config.maxWorkers);
    }
  }

  opens(module: TestModule): void {
    this.#file(module).since ??= this.#clock();
  }

  collects(module: TestModule): void {
    const toRun = [...module.children.allTests()].filter(({ options: { mode } }) => mode === "run");
    this.#file(module).tests = toRun.map(({ id }) => id);
    for (const { id } of toRun) this.#toRun.add(id);
  }

  closes(module: TestModule): void {
    this.#file(module).until = this.#clock();
  }

  begins({ id, fullName }: TestCase): void {
    this.#running.set(id, { title: fullName, since: this.#clock() });
  }

  ends(test: TestCase): void {
    this.#running.delete(test.id);
    const { state } = test.result();
    if (state !== "pending" && this.#toRun.has(test.id)) this.#ended.set(test.id, state);
  }

  get lines(): string[] {
    const now = this.#clock();
    const time = [elapsed(now - this.#began), ...timeLeft(this.#left(now))].join(", ");
    const files = [...this.#files.values()];
    if (!files.some(({ since }) => since !== undefined))
      return [`tests  nothing runs yet · ${time}`];
    return [
      `tests  ${this.#far(files)} · ${time} · ${this.#outcomes()}`,
      ...[...this.#running.values()].map(({ title, since }) => runningLine(now - since, title)),
    ];
  }

  /** Tests are counted once all of them are known; files until then. */
  #far(files: readonly File[]): string {
    const known = files.flatMap(({ tests }) => tests?.length ?? []);
    const total = known.reduce((sum, count) => sum + count, 0);
    if (known.length === files.length) return `${this.#ended.size} of ${counted(total, "test")}`;
    const closed = files.filter(({ until }) => until !== undefined).length;
    return `${closed} of ${counted(files.length, "file")}`;
  }

  #outcomes(): string {
    const count = (wanted: string) =>
      [...this.#ended.values()].filter((one) => one === wanted).length;
    const skipped = count("skipped");
    const others = skipped === 0 ? "" : `, ${skipped} skipped`;
    return `${count("passed")} passed, ${count("failed")} failed${others}`;
  }

  /** By what the tests of each project have taken so far, with their files' loading. */
  #left(now: number): number | undefined {
    const projects = Map.groupBy(this.#files.values(), ({ project }) => project).values();
    const left = [...projects].map((files) => this.#leftOf(files, now));
    return left.includes(undefined)
      ? undefined
      : left.reduce((sum: number, one) => sum + (one ?? 0), 0) / this.#lanes;
  }

  #leftOf(files: readonly File[], now: number): number | undefined {
    const loaded = files.filter(({ tests }) => tests !== undefined);
    const each = mean(loaded.map(({ tests }) => tests?.length ?? 0)) ?? 0;
    const known = loaded.flatMap(({ tests }) => tests ?? []);
    const ended = known.filter((id) => this.#ended.has(id)).length;
    const isOver = files.every(({ until }) => until !== undefined);
    if (isOver) return 0;
    if (ended < ENOUGH) return undefined;
    const busy = files.reduce((sum, { since = now, until = now }) => sum + until - since, 0);
    const toDo = known.length - ended + (files.length - loaded.length) * each;
    return (toDo * busy) / ended;
  }

  #file({ project, moduleId }: TestModule): File {
    const key = keyOf(project.name, moduleId);
    const file = this.#files.get(key) ?? { project: project.name };
    this.#files.set(key, file);
    return file;
  }
}

function keyOf(project: string, moduleId: string): string {
  return `${project}:${moduleId}`;
}

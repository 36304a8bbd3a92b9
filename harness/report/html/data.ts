/**
 * What the page of a report is made from: plain data, composed once from a saved run. All text in
 * it is harmless to show: without passwords, control characters or endless strings.
 */
import type { Event, FaultName, Moment, QueueType } from "../../history/event.ts";
import type { Account } from "../../ledger/account.ts";
import type { ConvictionKind } from "../../ledger/convictions.ts";
import type { Fate } from "../../ledger/fates.ts";
import type { Outcome } from "../../ledger/verdict.ts";
import type { Figure } from "../benchmarks.ts";

/** An outcome; `unfinished`: the run has no verdict, because it was broken off. */
export type Shade = Outcome | "setup" | "not-applicable" | "unfinished";

export interface PageData {
  kind: "experiment" | "audit" | "suite" | "comparison" | "benchmark" | "merged";
  /** The name of the run's directory. */
  run: string;
  title: string;
  outcome: Shade;
  /** The word for the outcome, where it is another one. */
  badge?: string;
  /** The verdict in one sentence. */
  sentence: string;
  /** Why, one sentence each, where the sentence does not say it. */
  reasons: string[];
  /** Of all experiments together; a line that is zero is absent. */
  account: Account;
  /** What the run lacks, one sentence each: all else is shown. */
  missing: string[];
  charges: Charge[];
  table: Table | null;
  /** What was measured. */
  figures?: Figure[];
  experiments: ExperimentView[];
  facts: Fact[];
}

/** Something that a program is convicted of. */
export interface Charge {
  kind: ConvictionKind;
  sentence: string;
  /** Told, and not counted. */
  allowed: boolean;
  /** The tasks that show it, with the experiments that they are of; not all, where they are many. */
  tasks: { experiment: number; task: string }[];
  /** How many there are besides. */
  more?: number;
  /** In how many experiments, in words. */
  where: string;
}

/** A line of what the run was made of: versions, settings, the command that repeats it. */
export interface Fact {
  label: string;
  value: string;
  /** It is typed into a shell. */
  command?: true;
}

/** What was found, by promise (or trial), on each broker and type of queue. */
export interface Table {
  /** What a row is: `promise`, `trial`, or a whole `run`. */
  of: "promise" | "trial" | "run";
  columns: Column[];
  rows: Row[];
}

export interface Column {
  broker: string;
  queueType: QueueType | null;
  /** Of a comparison: which of its two runs. */
  side?: "before" | "after";
  /** Of several runs that answer the same: which of them. */
  part?: string;
}

export interface Row {
  family: string;
  title: string;
  docs?: string;
  /** Of a comparison: not the same before and after. */
  changed?: boolean;
  /** By column; null where it was not run. */
  cells: (Cell | null)[];
}

export interface Cell {
  outcome: Shade;
  /** What became of the tasks, in the fewest words. */
  answer: string;
  /** What else the broker answers, the same in every run. */
  notes?: string[];
  /** What was measured, and so differs from run to run. */
  measured?: string;
  /** What of it is compared with another run; the answer and its notes where it is absent. */
  key?: string;
  reasons: string[];
  rerun?: string;
  /** Which experiment shows it. */
  experiment?: number;
}

/** One experiment: what happened when, to whom. Times are milliseconds since its history began. */
export interface ExperimentView {
  title: string;
  outcome: Shade;
  reasons: string[];
  account: Account;
  facts: Fact[];
  /** From its first to its last event. */
  span: [from: number, to: number];
  /** The part of the span in which messages were on their way. */
  traffic: [from: number, to: number];
  lanes: Lane[];
  faults: FaultBand[];
  /** What else was done to its subjects on purpose, a sentence each. */
  adversities: string[];
  /** In order. Every event that is about a told task, or about no task. */
  events: Event[];
  lives: Life[];
  /** What went well and is not told one by one. */
  rest: Rest;
  logs: Log[];
}

export type LaneKind = "broker" | "process" | "channel" | "queue";

export interface Lane {
  kind: LaneKind;
  name: string;
  spans: Span[];
}

/** A stretch of a lane: a life of a process, a channel that is open, a broker that stands still. */
export interface Span {
  from: number;
  to: number;
  state: "up" | "paused" | "down";
  /** How it ended, where that is worth a word: `SIGKILL`. */
  end?: string;
}

export interface FaultBand {
  injection: number;
  fault: FaultName;
  target: string;
  moment: Moment;
  task: string | null;
  from: number;
  to: number;
  /** What another witness saw of it; null where none did. */
  evidence: string | null;
}

/** A task that is told event by event. */
export interface Life {
  task: string;
  /** Null of a task that was never confirmed, and that nobody saw again. */
  fate: Fate | null;
  /** Positions in `events`. */
  events: number[];
}

/** Tasks that are counted, and not told. */
export interface Rest {
  /** How many tasks there are of which no life is here. */
  tasks: number;
  /** Their ids, as far as they form series: `task-` 1 to 99000. */
  series: Series[];
  /** Ids of no series, up to a limit. */
  ids: string[];
  /** How many ids are neither in a series nor in the list. */
  unlisted: number;
  /** How many of those not told did not simply end well. */
  untoward: number;
  /** Width of a bin, in milliseconds from the start of the span. */
  bin: number;
  density: Density[];
}

export interface Series {
  prefix: string;
  from: number;
  to: number;
}

/** What happened to the rest on one lane: for each bin, how many events. */
export interface Density {
  lane: number;
  /** Bin number and count in turns. */
  counts: number[];
}

export interface Log {
  name: string;
  lines: LogLine[];
  /** Lines that are not here: from before or after the experiment, or beyond the limit. */
  omitted: number;
  /** Its lines say when they were written. */
  timed: boolean;
}

/** Null where nobody knows when it was written. */
export type LogLine = [at: number | null, text: string];

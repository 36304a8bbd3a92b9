/**
 * The link in a process of its own, recording everything it sees into a file, as in a run. Nobody
 * else's work, nor garbage, is counted as the link's.
 */
import { writeHistory } from "../../../harness/history/file.ts";
import { History } from "../../../harness/history/history.ts";
import { type Address, Link } from "../../../harness/link/link.ts";
import { answerQuestions } from "./helper.ts";

/** Milliseconds between two looks at the memory. */
const LOOK_EVERY = 100;

export interface LinkOptions {
  upstream: Address;
  /** The history's file, which must not exist yet. */
  path: string;
}

/** Resident set sizes of the link's process, in bytes. */
export interface Memory {
  now: number;
  /** The highest seen so far. */
  peak: number;
}

const history = new History({ keep: false });
let recorded = 0;
let peak = 0;

function look(): Memory {
  const now = process.memoryUsage.rss();
  peak = Math.max(peak, now);
  return { now, peak };
}

const answers = {
  /** Starts recording; returns the address to connect to. */
  async open({ upstream, path }: LinkOptions): Promise<Address> {
    const file = writeHistory(history, path);
    closeFile = () => file.close();
    history.subscribe(({ seq }) => {
      recorded = seq;
    });
    setInterval(look, LOOK_EVERY);
    return new Link(history, () => upstream).open("client");
  },
  memory: look,
  /** Ends the recording; returns how many events are in the file. */
  async close(): Promise<number> {
    await closeFile();
    history.assertWhole();
    return recorded;
  },
};

let closeFile: () => Promise<void> = async () => {};

export type LinkAnswers = typeof answers;

answerQuestions(answers);

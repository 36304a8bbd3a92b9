/** Who began to close, and with which words. */
export interface Closing {
  by: "client" | "broker";
  code: number;
  text: string;
}

interface Consumer {
  queue: string;
  noAck: boolean;
  prefetch: number;
}

interface Unacked {
  task: string | null;
  queue: string;
}

export interface Published {
  task: string | null;
  /** It is no task of the experiment: its answers say nothing of one. */
  output: boolean;
}

type Tasks = (string | null)[];

/** What the link knows of one AMQP channel: what each tag on the wire stands for. */
export class ChannelState {
  /** Limit for consumers to come; 0 is none. */
  prefetch = 0;
  closing: Closing | undefined;
  /** Sequence number of the last publish, or null where the channel gives no confirms. */
  publishTag: number | null = null;
  readonly consumers: Map<string, Consumer>;
  /** Requests that wait for their answer. Answers come in the order of their requests. */
  readonly pendingConsumes: Consumer[] = [];
  readonly pendingGets: { queue: string; noAck: boolean }[] = [];
  /** Publishes without an answer, and deliveries without one: by tag, oldest first. */
  readonly unconfirmed = new Map<number, Published>();
  readonly unacked = new Map<number, Unacked>();

  constructor(consumers = new Map<string, Consumer>()) {
    this.consumers = consumers;
  }

  confirmed(tag: number, multiple: boolean): Tasks {
    return take(this.unconfirmed, tag, multiple).map(({ task, output }) => (output ? null : task));
  }

  /** What an ack or reject of this tag settles. */
  settled(tag: number, multiple: boolean): Tasks {
    if (isUnknown(this.unacked, tag)) return [];
    return take(this.unacked, tag, multiple).map(({ task }) => task);
  }

  /** The same, without settling it. */
  named(tag: number, multiple: boolean): Tasks {
    if (isUnknown(this.unacked, tag)) return [];
    return tagsNamed(this.unacked, tag, multiple).map(
      (each) => this.unacked.get(each)?.task ?? null,
    );
  }

  /** The publishes that a confirm of this tag answers, without answering them. */
  answered(tag: number, multiple: boolean): Tasks {
    return tagsNamed(this.unconfirmed, tag, multiple).map(
      (each) => this.unconfirmed.get(each)?.task ?? null,
    );
  }
}

/** The broker refuses such an answer as a whole, also one for everything up to it. */
function isUnknown(open: Map<number, unknown>, tag: number): boolean {
  return tag !== 0 && !open.has(tag);
}

function take<T>(open: Map<number, T>, tag: number, multiple: boolean): T[] {
  const values: T[] = [];
  for (const each of tagsNamed(open, tag, multiple)) {
    values.push(open.get(each) as T);
    open.delete(each);
  }
  return values;
}

/** Tag 0 with `multiple` names everything that is open. Maps keep tags in rising order. */
function tagsNamed(open: Map<number, unknown>, tag: number, multiple: boolean): number[] {
  if (!multiple) return open.has(tag) ? [tag] : [];
  const named: number[] = [];
  for (const each of open.keys()) {
    if (tag !== 0 && each > tag) break;
    named.push(each);
  }
  return named;
}

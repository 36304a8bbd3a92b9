/** What holds changes back until it is known what they mean. */
import { expect, it } from "vitest";
import type { Event } from "../../../harness/history/event.ts";
import { type Change, Hindsight } from "../../../harness/ledger/hindsight.ts";

interface Named extends Change {
  name: string;
}

function hindsight() {
  const applied: string[] = [];
  const held = new Hindsight<Named>({
    apply: ({ name }) => applied.push(name),
    done: ({ seq }) => applied.push(`after ${seq}`),
  });
  const push = (seq: number, name: string, decided = true): Named => {
    const change = { event: events(seq), name, decided };
    held.push(change);
    return change;
  };
  return { applied, held, push };
}

const made = new Map<number, Event>();

function events(seq: number): Event {
  const event: Event = { seq, at: seq, type: "queue-purged", queue: "q", count: 0 };
  if (!made.has(seq)) made.set(seq, event);
  return made.get(seq) ?? event;
}

it("Changes go on in order, event by event, once all of an event are decided", () => {
  const { applied, held, push } = hindsight();
  push(1, "a");
  const open = push(2, "b", false);
  push(2, "c");
  push(3, "d");
  held.advance();
  expect(applied).toEqual(["a", "after 1"]);
  held.decide(open);
  held.advance();
  expect(applied).toEqual(["a", "after 1", "b", "c", "after 2", "d", "after 3"]);
});

it("What is still open at the end means nothing more, and holds nothing back", () => {
  const { applied, held, push } = hindsight();
  push(1, "a", false);
  push(2, "b", false);
  held.close();
  expect(applied).toEqual(["a", "after 1", "b", "after 2"]);
});

it("One that stays open does not hold back more than so much", () => {
  const { applied, held, push } = hindsight();
  push(1, "open", false);
  for (let seq = 2; seq < 120_000; seq++) {
    push(seq, "x");
    held.advance();
  }
  expect(applied.length).toBeGreaterThan(200_000);
});

it("Many that are open at a time are waited for", () => {
  const { applied, held, push } = hindsight();
  const open = Array.from({ length: 60_000 }, (_, index) => push(index + 1, "open", false));
  held.advance();
  expect(applied).toEqual([]);
  for (const change of open) held.decide(change);
  held.advance();
  expect(applied.length).toBe(120_000);
});

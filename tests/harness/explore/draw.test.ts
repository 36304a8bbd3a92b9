import { sample } from "fast-check";
import { expect, test } from "vitest";
import { disturbsBroker } from "../../../harness/explore/plan/command.ts";
import { Plans } from "../../../harness/explore/plan/draw.ts";
import { isPlan } from "../../../harness/explore/plan/read.ts";
import { parseSeed, seedOf, seedOfRun } from "../../../harness/explore/plan/seed.ts";
import { commandInWords } from "../../../harness/explore/plan/words.ts";

const drawn = (withBroker: boolean, seed = 1) =>
  sample(new Plans(withBroker), { numRuns: 300, seed });

test("a seed draws the same plans again, and another one draws others", () => {
  expect(drawn(true)).toEqual(drawn(true));
  expect(drawn(true)).not.toEqual(drawn(true, 2));
});

test("every plan with faults of the broker has one, and no other has", () => {
  expect(drawn(true).every(disturbsBroker)).toBe(true);
  expect(drawn(false).some(disturbsBroker)).toBe(false);
});

test("nothing that there is is left out", () => {
  const commands = [...drawn(true), ...drawn(false)].flat();
  const kinds = new Set(
    commands.map((command) => {
      if (command.do === "kill") return `kill ${command.at}`;
      if (command.do === "network" || command.do === "broker")
        return `${command.do} ${command.harm}`;
      return command.do === "answer" ? `answer ${command.how}` : command.do;
    }),
  );
  expect([...kinds].sort()).toEqual([
    "answer ack",
    "answer reject",
    "answer requeue",
    "broker kill",
    "broker pause",
    "broker power-cut",
    "broker restart",
    "consume",
    "declare",
    "declare-dead",
    "delete",
    "heal",
    "kill ack-held",
    "kill after-ack",
    "kill delivered",
    "kill mid-task",
    "kill now",
    "network close",
    "network half-open",
    "network reset",
    "network stall",
    "open",
    "publish",
    "start",
    "stop",
    "wait",
  ]);
});

test("no quorum queue is drawn as what it can't be", () => {
  const terms = drawn(false)
    .flat()
    .flatMap((command) => (command.do === "declare" ? [command.terms] : []));
  const quorum = terms.filter(({ type }) => type === "quorum");
  expect(quorum.length).toBeGreaterThan(50);
  expect(
    quorum.filter(({ durable, maxPriority }) => !durable || maxPriority !== undefined),
  ).toEqual([]);
});

test("a plan survives JSON, and what is none is told from it", () => {
  for (const plan of drawn(true)) expect(isPlan(JSON.parse(JSON.stringify(plan)))).toBe(true);
  expect(isPlan([{ do: "explode" }])).toBe(false);
  expect(isPlan([{ do: "open", more: 1 }])).toBe(false);
  expect(isPlan({})).toBe(false);
});

test("commands that do different things are told in different words", () => {
  const words = new Map<string, string>();
  for (const command of drawn(true).flat()) {
    const { batch: _, ...what } = { batch: 0, ...command };
    const isConfirmed = command.do === "publish" && command.confirmed;
    const batch = isConfirmed ? Math.min(command.batch, command.count) : 0;
    const meant = JSON.stringify({ ...what, batch });
    expect(words.get(commandInWords(command)) ?? meant).toBe(meant);
    words.set(commandInWords(command), meant);
  }
  expect(words.size).toBeGreaterThan(200);
});

test("a seed is read with its version, and refused from another one", () => {
  expect(parseSeed("4711")).toEqual(seedOf(4711));
  expect(parseSeed("1.4711")).toEqual(seedOf(4711));
  expect(() => parseSeed("2.4711")).toThrow(/drawn by version 2 .* This is version 1/);
  expect(() => parseSeed("x")).toThrow('--seed is a number, such as 4711, not "x".');
});

test("each run has a seed of its own", () => {
  const seeds = Array.from({ length: 1000 }, (_, run) => seedOfRun(seedOf(1), run));
  expect(new Set(seeds).size).toBe(1000);
});

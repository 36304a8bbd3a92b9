/** What an audit makes of the loss and the duplicate that it planted itself. */
import { describe, expect, it } from "vitest";
import type { Tried } from "../../../harness/audit/run-trial.ts";
import { type Plant, plantedDuplicate, plantedLoss } from "../../../harness/audit/self-check.ts";
import type { Stand } from "../../../harness/audit/stand.ts";
import type { Circumstances } from "../../../harness/audit/trial.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "../ledger/history-builder.ts";

const OURS: Circumstances = {
  profile: {
    acks: true,
    acksEarly: false,
    diesOfSigterm: false,
    prefetch: 1,
    publishes: false,
    confirms: false,
  },
  ...{ isLive: true, sees: true, isWitnessOurs: true, isGiven: false, ownTopology: true },
  queueType: "quorum",
  brokerVersion: "4.3.6",
};

/** Has the plant run its course, in which `a` is the task that it strikes. */
async function strikes({ trial }: Plant): Promise<string[]> {
  const log: string[] = [];
  const strike = async () => {
    log.push("strikes");
    return "a";
  };
  const stand = {
    start: async () => void log.push("starts"),
    publish: async (count: number) => void log.push(`publishes ${count}`),
    rig: { faults: { plantLoss: strike, plantDuplicate: strike } },
  } as unknown as Stand;
  await trial.course(stand);
  return log;
}

function tried({ events }: Story, ...reasons: string[]): Tried {
  const verdict = judge(events);
  return { verdict, events, result: { reasons } } as unknown as Tried;
}

const COURSE = ["starts", "strikes", "publishes 1", "publishes 4", "starts"];
const killed = (told: Story) => told.hangsUp("w").stores("b");

describe("A planted loss", () => {
  const forged = () => story().stores("a").delivers("a", "w", { dropped: true }).forges("w", "a");
  const lost = () => killed(forged()).works("w", "b").drains();
  const other = () => killed(forged()).delivers("b", "w").acks("w", "b").drains();
  const missed = (words: string) => `Self-check: ${words}: this audit could miss a real one.`;

  it.each<[string, Story, string[], string, string]>([
    ["is seen", lost(), [], "seen", "The loss of a was planted, and seen."],
    [
      "is missed where it is not lost",
      story().stores("a").works("w", "a").drains(),
      [],
      "missed",
      missed("The loss of a was planted, and none was seen"),
    ],
    [
      "is missed where another one is lost, too",
      other(),
      [],
      "missed",
      missed("The loss of a was planted, and a, b was seen"),
    ],
    [
      "is missed where another one is lost instead",
      story().stores("a", "b").works("w", "a").delivers("b", "w").acks("w", "b").drains(),
      [],
      "missed",
      missed("The loss of a was planted, and b was seen"),
    ],
    [
      "is missed, and why is said",
      story().stores("a").works("w", "a").drains(),
      ["Nobody looked.", "Nor did I."],
      "missed",
      `${missed("The loss of a was planted, and none was seen")} Nobody looked. Nor did I.`,
    ],
  ])("%s", async (_what, told, reasons, outcome, sentence) => {
    const plant = plantedLoss();
    expect(await strikes(plant)).toEqual(COURSE);
    const found = plant.check(tried(told, ...reasons), OURS);
    expect(found).toEqual({ planted: "loss", outcome, sentence });
  });

  it("is missed where none could be planted, and where there is no verdict", async () => {
    expect(plantedLoss().check(tried(lost()), OURS)).toEqual({
      planted: "loss",
      outcome: "missed",
      sentence: missed("No loss could be planted, and a was seen"),
    });
    const plant = plantedLoss();
    await strikes(plant);
    const found = plant.check({ ...tried(lost()), verdict: undefined }, OURS);
    expect(found.sentence).toBe(missed("The loss of a was planted, and none was seen"));
  });
});

describe("A planted duplicate", () => {
  const cutOff = () => killed(story().stores("a").delivers("a", "w").does("w", "a"));
  const twice = () =>
    cutOff().delivers("a", "w", { redelivered: true }).does("w", "a").acks("w", "a");
  const again = () =>
    cutOff().delivers("a", "w", { redelivered: true }).repeats("w", "a").acks("w", "a");
  const ends = (told: Story) => told.works("w", "b").drains();
  const SEEN = "The duplicate of a was planted, and seen.";
  const ONCE =
    "a was delivered again after its effect, and done once: what is done twice here is done once.";
  const MISSED =
    "Self-check: The duplicate of a was planted, and none was seen: this audit could miss a real one.";
  const elsewhere = { isWitnessOurs: false };

  it.each<[string, Story, string[], Partial<Circumstances>, string, string]>([
    ["is seen", ends(twice()), [], {}, "seen", SEEN],
    ["is seen by a witness of the user's", ends(twice()), [], elsewhere, "seen", SEEN],
    ["is seen as what the worker does once", ends(again()), [], {}, "seen", ONCE],
    ["is missed by a witness that counts once", ends(again()), [], elsewhere, "missed", MISSED],
    ["is missed where nothing came again", ends(cutOff()), [], {}, "missed", MISSED],
    [
      "is missed where only another one came again",
      ends(cutOff()).delivers("b", "w", { redelivered: true }),
      [],
      {},
      "missed",
      MISSED,
    ],
    [
      "is missed where only the drain has it again",
      killed(story().stores("a").delivers("a", "w").does("w", "a"))
        .works("w", "b")
        .tells({ type: "drained", queue: "tasks", task: "a", redelivered: true }),
      [],
      {},
      "missed",
      MISSED,
    ],
    [
      "is missed where it came, and not again",
      ends(cutOff().delivers("a", "w").repeats("w", "a").acks("w", "a")),
      [],
      {},
      "missed",
      MISSED,
    ],
    [
      "is missed where something else was not shown",
      ends(again()),
      ["Nobody died."],
      {},
      "missed",
      `${MISSED} Nobody died.`,
    ],
  ])("%s", async (_what, told, reasons, but, outcome, sentence) => {
    const plant = plantedDuplicate();
    expect(await strikes(plant)).toEqual(COURSE);
    const found = plant.check(tried(told, ...reasons), { ...OURS, ...but });
    expect(found).toEqual({ planted: "duplicate", outcome, sentence });
  });

  it("is missed where another task was done twice, or none could be planted", async () => {
    const plant = plantedDuplicate();
    await strikes(plant);
    const other = story().stores("a", "b").works("w", "a").delivers("b", "w").does("w", "b");
    const found = plant.check(tried(other.does("w", "b").acks("w", "b").drains()), OURS);
    expect(found.sentence).toBe(MISSED.replace("none", "b"));
    const none = plantedDuplicate().check(tried(ends(again())), OURS);
    expect(none.sentence).toContain("No duplicate could be planted, and none was seen");
    const unjudged = plant.check({ ...tried(ends(cutOff())), verdict: undefined }, OURS);
    expect(unjudged.sentence).toBe(MISSED);
  });
});

describe("Nothing is planted", () => {
  const acksNothing = { profile: { ...OURS.profile, acks: false } };
  const early = { profile: { ...OURS.profile, acksEarly: true } };

  it.each<[string, Partial<Circumstances>, RegExp, RegExp]>([
    ["where effects are not observed", { sees: false }, /that one is missing$/, /happened twice$/],
    ["where no ack is sent", acksNothing, /none can be forged$/, /sends no acks$/],
  ])("%s", (_where, but, loss, duplicate) => {
    const here = { ...OURS, ...but };
    expect(plantedLoss().trial.hindrance?.(here)).toMatch(loss);
    expect(plantedDuplicate().trial.hindrance?.(here)).toMatch(duplicate);
  });

  it("as a duplicate where acks come before their effects: a loss is", () => {
    const here = { ...OURS, ...early };
    expect(plantedLoss().trial.hindrance?.(here)).toBeUndefined();
    expect(plantedDuplicate().trial.hindrance?.(here)).toMatch(/never between the two$/);
  });

  it("but both anywhere else", () => {
    expect(plantedLoss().trial.hindrance?.(OURS)).toBeUndefined();
    expect(plantedDuplicate().trial.hindrance?.(OURS)).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";
import { held, ONE_COMPLETED, vacuous } from "./verdicts.ts";

const CLEAN = { exitCode: 0, clean: true };
const REFUSED = { exitCode: 1, clean: false };

/** A broker of 4.0, which is up to be upgraded. */
const struck = () => up(story(), "1", "4.0.5").stores("a").injects("upgrade", "broker");

const up = (told: Story, boot: string, version: string) =>
  told.tells({ type: "broker-up", boot, version });

/** The verdict of a story after which the one task is completed. */
const verdictOf = (told: Story) => judge(told.witnesses("upgrade").works("w", "a").drains().events);

describe("An upgrade", () => {
  it("is one when the broker comes back as another version", () => {
    const told = up(struck().brokerDown("1", CLEAN), "2", "4.3.6");
    expect(verdictOf(told)).toEqual(held(ONE_COMPLETED));
  });

  it("is one when another life ended before it began, and the broker came back as it was", () => {
    const told = up(struck().brokerDown("1", CLEAN).brokerDown("2", REFUSED), "3", "4.0.5");
    expect(verdictOf(told)).toEqual(held(ONE_COMPLETED));
  });

  it.each([
    ["the broker did not stop cleanly after it", (told: Story) => told],
    [
      "the broker did not stop cleanly after it",
      (told: Story) => up(told.brokerDown("1"), "2", "4.3.6"),
    ],
    ["the broker never came back after it", (told: Story) => told.brokerDown("1", CLEAN)],
    [
      "the broker came back as the one that went down (boot 1)",
      (told: Story) => up(told.brokerDown("1", CLEAN), "1", "4.3.6"),
    ],
    [
      "the broker was RabbitMQ 4.0.5 before it, and still is",
      (told: Story) => up(told.brokerDown("1", CLEAN), "2", "4.0.5"),
    ],
  ])("is none when %s", (what, course) => {
    const vacuity = [`Fault 1 (upgrade of broker): ${what}.`];
    expect(verdictOf(course(struck()))).toEqual(vacuous({ ...ONE_COMPLETED, vacuity }));
  });
});

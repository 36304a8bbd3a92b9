import { describe, expect, it } from "vitest";
import { judge, Ledger } from "../../../harness/ledger/ledger.ts";
import { worst } from "../../../harness/ledger/verdict.ts";
import { story } from "./history-builder.ts";
import { broken, contradicted, held, ONE_COMPLETED, ONE_VANISHED } from "./verdicts.ts";

const completed = () => story().stores("a").works("w", "a").drains();
const lost = () => story().stores("a").drains();

describe("With a declared account, a verdict", () => {
  it("held when the account is exactly that", () => {
    const account = { published: 1, confirmed: 1, completed: 1, lost: 0 };
    expect(judge(completed().events, { account })).toEqual(held(ONE_COMPLETED));
  });

  it("held when exactly the declared loss happened", () => {
    const account = { published: 1, confirmed: 1, lost: 1 };
    expect(judge(lost().events, { account })).toEqual(held(ONE_VANISHED));
  });

  it("is broken in each line that differs, also by too little harm", () => {
    const account = { published: 1, confirmed: 1, lost: 1 };
    const reasons = ["Expected 0 completed, found 1: 1 task (a).", "Expected 1 lost, found 0."];
    expect(judge(completed().events, { account })).toEqual(broken({ ...ONE_COMPLETED, reasons }));
  });

  it("is inconclusive, not broken, when the history can't be believed", () => {
    const told = completed().holds("ack", "b", "w");
    const contradictions = ["A hold never ended: hold 1 (ack of w)."];
    expect(judge(told.events, { account: { published: 2 } })).toEqual(
      contradicted({ ...ONE_COMPLETED, contradictions }),
    );
  });
});

describe("A verdict", () => {
  it("is the same after a journey through JSON", () => {
    const verdict = judge(lost().events);
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });

  it("can be asked for twice, and the history goes on in between", () => {
    const ledger = new Ledger();
    const whole = completed().events;
    for (const event of whole.slice(0, -1)) ledger.add(event);
    const contradictions = ["tasks was never drained to its end: what is left there is unknown."];
    expect(ledger.verdict()).toEqual(contradicted({ ...ONE_COMPLETED, contradictions }));
    for (const event of whole.slice(-1)) ledger.add(event);
    expect(ledger.verdict()).toEqual(held(ONE_COMPLETED));
    expect(ledger.account()).toEqual(ONE_COMPLETED.account);
    expect([...ledger.fates()]).toEqual([["a", "completed"]]);
  });
});

describe("The worst of several outcomes", () => {
  it.each([
    [[], "held"],
    [["held", "held"], "held"],
    [["held", "inconclusive"], "inconclusive"],
    [["inconclusive", "broken", "held"], "broken"],
  ] as const)("of %j is %s", (outcomes, expected) => {
    expect(worst(outcomes)).toBe(expected);
  });
});

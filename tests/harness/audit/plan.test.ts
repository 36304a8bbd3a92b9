/** Which trials an audit has, and which of them it is asked for. */
import { describe, expect, it } from "vitest";
import type { AuditOptions } from "../../../harness/audit/options.ts";
import { planned, planOf, TRIALS } from "../../../harness/audit/plan.ts";
import { resolveCode } from "../../../harness/audit/resolve-code.ts";
import { control } from "../../../harness/audit/trials/controls.ts";

function options(but: Partial<AuditOptions> = {}): AuditOptions {
  return { ...resolveCode({ command: ["worker"] }).options, ...but };
}

const names = (but: Partial<AuditOptions> = {}) => planOf(options(but)).map(({ name }) => name);

const QUICK = [
  "SIGKILL, mid-task",
  "SIGKILL, ack-held",
  "SIGKILL, publish-held",
  "SIGTERM, mid-task",
  "connection reset, mid-task",
  "connection reset, ack-held",
  "broker is killed, mid-task",
  "an effect that fails once",
  "a task that can't be done",
];

describe("A plan", () => {
  it("is every trial, each by a name of its own", () => {
    expect(names()).toEqual(TRIALS.map(({ name }) => name));
    expect(new Set([...names(), control.name]).size).toBe(TRIALS.length + 1);
  });

  it("kills a worker at each moment", () => {
    expect(names({ only: "SIGKILL" })).toEqual([
      "SIGKILL, mid-task",
      "SIGKILL, ack-held",
      "SIGKILL, delivered",
      "SIGKILL, after-ack",
      "SIGKILL, publish-held",
      "SIGKILL, confirm-held",
      "SIGKILL, startup",
      "SIGKILL, shutdown",
      "SIGKILL, mid-task, with peers",
      "SIGKILL, ack-held, with peers",
    ]);
  });

  it("is what matters most, when it is to be quick", () => {
    expect(names({ quick: true })).toEqual(QUICK);
  });

  it("is what has the wanted text in its name", () => {
    expect(names({ only: "ack-held" })).toEqual([
      "SIGKILL, ack-held",
      "SIGKILL, ack-held, with peers",
      "connection reset, ack-held",
    ]);
    expect(names({ only: "ack-held", quick: true })).toEqual([
      "SIGKILL, ack-held",
      "connection reset, ack-held",
    ]);
  });

  it("is one trial alone where its whole name is wanted, whatever others are called", () => {
    expect(names({ only: "SIGKILL, mid-task" })).toEqual(["SIGKILL, mid-task"]);
    for (const { name } of TRIALS) expect(names({ only: name })).toEqual([name]);
    expect(names({ only: "SIGKILL, mid-task", quick: true })).toEqual(["SIGKILL, mid-task"]);
  });

  it("is nothing besides the control run where that is wanted", () => {
    expect(names({ only: control.name })).toEqual([]);
    expect(names({ only: "control," })).toEqual(["control, with peers"]);
  });

  it("has a trial again by its name, and a self-check by the control run, which it follows", () => {
    expect(TRIALS.map(({ name }) => planned(name))).toEqual(TRIALS.map(({ name }) => name));
    expect(planned(control.name)).toBe("control");
    expect(planned("self-check: a planted loss")).toBe("control");
  });

  it("has as many workers as are wanted, where there are several", () => {
    const workers = planOf(options({ workers: 5 })).map((trial) => trial.workers);
    expect(workers).toEqual(TRIALS.map((trial) => (trial.workers > 1 ? 5 : 1)));
    expect(workers).toContain(5);
  });

  it("has peers where others take over, and a broker of its own where all of it is struck", () => {
    const those = (is: (trial: (typeof TRIALS)[number]) => boolean) =>
      TRIALS.filter(is).map(({ name }) => name);
    expect(those(({ workers }) => workers > 1)).toEqual([
      "SIGKILL, mid-task, with peers",
      "SIGKILL, ack-held, with peers",
      "control, with peers",
    ]);
    expect(those(({ alone }) => alone === true)).toEqual([
      "SIGSTOP past the heartbeat, mid-task",
      "connection half-open, mid-task",
      "broker restarts in order, mid-task",
      "broker is killed, mid-task",
      "memory alarm",
      "consumer timeout, mid-task",
    ]);
  });

  it("of nothing is refused, with what there is", () => {
    expect(() => names({ only: "ack held", quick: true })).toThrow(
      `No trial's name contains "ack held". The trials are:\n  ${QUICK.join("\n  ")}`,
    );
    expect(() => names({ only: "ack held" })).toThrow(
      expect.objectContaining({ name: "SetupError" }),
    );
  });
});

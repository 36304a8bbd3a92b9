import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { Flow } from "../../../harness/link/flow.ts";

/** A socket that notes whether it is read. */
class Source {
  readonly calls: string[] = [];

  pause(): void {
    this.calls.push("pause");
  }

  resume(): void {
    this.calls.push("resume");
  }

  get isRead(): boolean {
    return this.calls.at(-1) !== "pause";
  }
}

function flowing(): { source: Source; flow: Flow } {
  const source = new Source();
  return { source, flow: new Flow(source as unknown as Socket) };
}

test("nothing is read while any reason stands against it", () => {
  const { source, flow } = flowing();
  flow.set("receiver-full", true);
  expect(source.isRead).toBe(false);
  flow.set("held", true);
  flow.set("receiver-full", false);
  expect(source.isRead).toBe(false);
  flow.set("passage-full", true);
  flow.set("held", false);
  expect(source.isRead).toBe(false);
  flow.set("passage-full", false);
  expect(source.isRead).toBe(true);
});

test("a reason that is given again changes nothing", () => {
  const { source, flow } = flowing();
  flow.set("held", false);
  expect(source.calls).toEqual([]);
  flow.set("held", true);
  flow.set("held", true);
  flow.set("held", false);
  expect(source.isRead).toBe(true);
  flow.set("held", false);
  expect(source.calls).toEqual(["pause", "resume"]);
});

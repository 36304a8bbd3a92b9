/** What the control run shows of how a worker works. */
import { describe, expect, it } from "vitest";
import { type Profile, profileOf } from "../../../harness/audit/profile.ts";
import { WORKER } from "../../../harness/audit/stand.ts";
import type { Conviction } from "../../../harness/ledger/convictions.ts";
import { type Story, story } from "../ledger/history-builder.ts";

const PLAIN: Profile = {
  acks: true,
  acksEarly: false,
  diesOfSigterm: false,
  prefetch: 5,
  publishes: false,
  confirms: false,
};

const working = () =>
  story().starts(WORKER).consumes(WORKER, { prefetch: 5 }).stores("a").works(WORKER, "a");
const exits = (told: Story, signal: string | null) =>
  told.signals(WORKER, "SIGTERM").exits(WORKER, { code: signal === null ? 0 : null, signal });
const selects = (told: Story, subject: string) =>
  told.tells({ type: "confirms-selected", ...told.at(subject) });

describe("A worker's profile", () => {
  it.each<[string, Story, Partial<Profile>]>([
    ["acks, and takes so many at a time", exits(working(), null), {}],
    ["has no say in its end", exits(working(), "SIGTERM"), { diesOfSigterm: true }],
    ["was killed, and that says nothing", exits(working(), "SIGKILL"), {}],
    ["publishes", working().publishes("a", { subject: WORKER }), { publishes: true }],
    ["asks for confirms", selects(working(), WORKER), { confirms: true }],
    ["sends no acks", story().consumes(WORKER), { acks: false, prefetch: 1 }],
    ["never consumed", story().starts(WORKER), { acks: false, prefetch: 0 }],
    [
      "is nothing that others do",
      selects(exits(working().dies("worker-2"), null), "worker-2").exits("worker-2", {
        signal: "SIGTERM",
      }),
      {},
    ],
    [
      "goes by its first consumer",
      working().consumes(WORKER, { prefetch: 9, consumer: "another" }),
      {},
    ],
  ])("%s", (_what, { events }, but) => {
    expect(profileOf(events, [])).toEqual({ ...PLAIN, ...but });
  });

  it("acks early where the control run convicts it of that, and of nothing less", () => {
    const convicted = (kind: Conviction["kind"]) => [{ kind, sentence: "", tasks: [] }];
    expect(profileOf(working().events, convicted("at risk")).acksEarly).toBe(true);
    expect(profileOf(working().events, convicted("unbounded prefetch")).acksEarly).toBe(false);
  });
});

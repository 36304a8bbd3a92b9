/** A broker of several nodes: what one of them does says nothing of the others. */
import { describe, expect, it } from "vitest";
import type { FaultName } from "../../../harness/history/event.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import { tasksInFlight } from "../../../harness/scenario/in-flight.ts";
import { type Story, story } from "./history-builder.ts";
import { broken, contradicted, held, ONE_COMPLETED, ONE_UNFINISHED, vacuous } from "./verdicts.ts";

const CLEAN = { exitCode: 0, clean: true };

/** A story of three nodes. */
const three = () => ["node-1", "node-2", "node-3"].reduce(up, story());

function up(told: Story, node: string, boot: number | string = 1): Story {
  return told.tells({ type: "broker-up", boot: `${node}, ${boot}`, version: "4.3.6", node });
}

function down(told: Story, node: string, but: { exitCode?: number; clean?: boolean } = {}): Story {
  return told.brokerDown(`${node}, 1`, { node, ...but });
}

/** One task is stored, a node is struck, and the task is done. */
function struck(fault: FaultName, course: (told: Story) => Story): Story {
  const told = course(three().stores("a").injects(fault, "node-2")).witnesses(fault);
  return told.works("w", "a").drains();
}

describe("A fault on a node", () => {
  it("has landed when that node died of it and came back", () => {
    const told = struck("node-kill", (told) => up(down(told, "node-2"), "node-2", 2));
    expect(judge(told.events)).toEqual(held(ONE_COMPLETED));
  });

  it("has landed when that node stopped in order", () => {
    const told = struck("node-stop", (told) => up(down(told, "node-2", CLEAN), "node-2", 2));
    expect(judge(told.events)).toEqual(held(ONE_COMPLETED));
  });

  it("has landed when another version refused that node's data, and its own did so too", () => {
    const refused = (told: Story, boot: number) =>
      told.brokerDown(`node-2, ${boot}`, { node: "node-2", exitCode: 1 });
    const told = struck("upgrade", (told) =>
      up(refused(refused(down(told, "node-2", CLEAN), 2), 3), "node-2", 4),
    );
    expect(judge(told.events)).toEqual(held(ONE_COMPLETED));
  });

  it.each<[FaultName, string, (told: Story) => Story]>([
    ["node-kill", "node-2 never went down after it", (told) => told],
    ["node-kill", "node-2 never came back after it", (told) => down(told, "node-2")],
    [
      "node-kill",
      "node-2 never came back after it",
      (told) => up(down(told, "node-2"), "node-3", 2),
    ],
    [
      "node-kill",
      "node-2 ended by exit code 0, not 137 (SIGKILL)",
      (told) => up(down(told, "node-2", CLEAN), "node-2", 2),
    ],
    [
      "node-kill",
      "node-2 came back as the one that went down (boot node-2, 1)",
      (told) => up(down(told, "node-2"), "node-2", 1),
    ],
    [
      "node-stop",
      "node-2 did not stop cleanly after it",
      (told) => up(down(told, "node-2"), "node-2", 2),
    ],
    [
      "upgrade",
      "node-2 was RabbitMQ 4.3.6 before it, and still is",
      (told) => up(down(told, "node-2", CLEAN), "node-2", 2),
    ],
  ])("%s proves nothing when %s", (fault, what, course) => {
    const vacuity = [`Fault 1 (${fault} of node-2): ${what}.`];
    expect(judge(struck(fault, course).events)).toEqual(vacuous({ ...ONE_COMPLETED, vacuity }));
  });

  it("does not explain the death of another node", () => {
    const told = struck("node-kill", (told) =>
      up(down(down(told, "node-2"), "node-3"), "node-2", 2),
    );
    const died =
      "The broker died on its own: boot node-3, 1 of node-3 ended with exit code 137, and no fault asked for it.";
    expect(judge(told.events)).toEqual(contradicted({ ...ONE_COMPLETED, contradictions: [died] }));
  });

  it("does not explain a second death of the same node", () => {
    const told = struck("node-kill", (told) => up(down(told, "node-2"), "node-2", 2));
    const again = told.brokerDown("node-2, 2", { node: "node-2" });
    expect(judge(again.events).contradictions.join()).toContain("boot node-2, 2 of node-2 ended");
  });

  it.each(["node-kill", "node-stop", "partition", "upgrade"] as const)(
    "%s explains an answer that a worker of whichever node owes",
    (fault) => {
      const told = three().stores("a").delivers("a", "w").does("w", "a").injects(fault, "node-2");
      const convicted = judge(told.hangsUp("w", { by: "client" }).drains("tasks", "a").events);
      expect(convicted.convictions.map(({ kind }) => kind)).not.toContain("never acked");
    },
  );
});

describe("An ack", () => {
  const acked = () => three().stores("a").works("w", "a");

  it("may come to nothing where a partition was healed since", () => {
    const healed = { type: "fault-healed", fault: "partition", injection: 1 } as const;
    const told = acked().injects("partition", "node-3").witnesses("partition").tells(healed);
    expect(judge(told.drains("tasks", "a").events)).toEqual(broken(ONE_UNFINISHED));
  });

  it("stands where another fault was healed since", () => {
    const healed = { type: "fault-healed", fault: "memory-alarm", injection: 1 } as const;
    const told = acked().tells(healed).drains("tasks", "a");
    expect(judge(told.events).contradictions.join()).toContain("Drained from tasks although acked");
  });
});

describe("The tasks in flight", () => {
  const inHand = () => three().stores("a").delivers("a", "w");
  const inFlight = (told: Story) => [...tasksInFlight(told.events).keys()];

  it("stay known when a node dies, whichever it is", () => {
    expect(inFlight(down(inHand(), "node-1"))).toEqual(["a"]);
    expect(inFlight(down(down(inHand(), "node-1"), "node-2"))).toEqual(["a"]);
  });

  it("are forgotten with the last node", () => {
    expect(inFlight(down(down(down(inHand(), "node-1"), "node-2"), "node-3"))).toEqual([]);
  });

  it("stay known when the nodes die one after the other, and each comes back", () => {
    const rolled = ["node-1", "node-2", "node-3"].reduce(
      (told, node) => up(down(told, node), node, 2),
      inHand(),
    );
    expect(inFlight(rolled)).toEqual(["a"]);
  });

  it("are forgotten with a broker that is a single node", () => {
    const told = story().brokerUp("1").stores("a").delivers("a", "w");
    expect(inFlight(told)).toEqual(["a"]);
    expect(inFlight(told.brokerDown("1"))).toEqual([]);
  });
});

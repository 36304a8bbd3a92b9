import { describe, expect, it } from "vitest";
import { EVERYONE, type FaultName, type Harm } from "../../../harness/history/event.ts";
import { judge } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";
import { held, ONE_COMPLETED, vacuous } from "./verdicts.ts";

const KILL = "Fault 1 (worker-kill of w)";

/** The whole verdict is one completed task, and that it proves nothing. */
function expectVacuous(told: Story, ...vacuity: string[]): void {
  expect(judge(told.events)).toEqual(vacuous({ ...ONE_COMPLETED, vacuity }));
}

function expectCompleted(told: Story): void {
  expect(judge(told.events)).toEqual(held(ONE_COMPLETED));
}

/** `w` has a task in hand, is killed, and another worker takes over. */
const inHand = () => story().starts("w").stores("a").delivers("a", "w");
const killed = (told: Story) => told.dies("w").hangsUp("w").witnesses("worker-kill");
const takenOver = (told: Story) => told.works("v", "a").drains();

describe("A run without a fault", () => {
  it("proves nothing when nothing was published", () => {
    const vacuity = ["Nothing was published, so nothing was proven."];
    expect(judge(story().drains().events)).toEqual(vacuous({ account: {}, vacuity }));
  });

  it("proves nothing about messages without an id", () => {
    const told = story().stores("a").works("w", "a").publishes(null).confirms(null);
    told.delivers(null, "w").acks("w", null).drains("tasks", null);
    expectVacuous(
      told,
      "Messages without a messageId cannot be accounted for: 1 published, 1 delivered, 1 drained.",
    );
  });

  it("proves nothing about a subject that uses transactions", () => {
    const told = story().stores("a").works("w", "a");
    told.tells({ type: "transactions-selected", ...told.at("w") }).drains();
    expectVacuous(told, "w used transactions, which are not covered: use confirms instead.");
  });
});

describe("A fault", () => {
  const now = () => inHand().injects("worker-kill", "w");

  it("proves something when it is witnessed and the work went on", () => {
    expectCompleted(takenOver(killed(now())));
  });

  it("proves nothing without a witness", () => {
    const told = takenOver(now().dies("w").hangsUp("w"));
    expectVacuous(told, `${KILL} has no witness: nothing shows that it landed.`);
  });

  it("proves nothing when the witness saw another one", () => {
    const told = now().dies("w").hangsUp("w").witnesses("producer-kill");
    expectVacuous(takenOver(told), `${KILL} has no witness: nothing shows that it landed.`);
  });

  it("proves nothing before there is traffic", () => {
    const told = killed(story().starts("w").injects("worker-kill", "w"));
    expectVacuous(
      told.stores("a").works("v", "a").drains(),
      "No task was confirmed or delivered before the first fault.",
      `${KILL}: w had no task in hand, so there was nothing to lose.`,
    );
  });

  it("proves nothing when its target had nothing in hand", () => {
    const told = story().starts("w").stores("a").injects("worker-kill", "w");
    expectVacuous(
      takenOver(killed(told)),
      `${KILL}: w had no task in hand, so there was nothing to lose.`,
    );
  });

  it("proves something when its target was mid-task, though its channel was gone", () => {
    const told = inHand().asks("w", "a").closesChannel("w", { by: "broker", code: 406 });
    told.injects("worker-kill", "w").abandons("w", "a");
    expectCompleted(takenOver(killed(told)));
  });

  it("proves nothing when its target had ended every effect", () => {
    const told = inHand().asks("w", "a").closesChannel("w", { by: "broker", code: 406 });
    expectVacuous(
      takenOver(killed(told.abandons("w", "a").injects("worker-kill", "w"))),
      `${KILL}: w had no task in hand, so there was nothing to lose.`,
    );
  });

  it("proves nothing when the queue was drained only before it", () => {
    const told = inHand().does("w", "a").acks("w", "a").drains();
    told
      .injects("connection-reset", "w")
      .hangsUp("w", { by: "link" })
      .witnesses("connection-reset");
    expectVacuous(
      told,
      "tasks was drained before fault 1 (connection-reset of w) was injected, and not after.",
    );
  });

  it("proves nothing when its target lived on", () => {
    const told = now().witnesses("worker-kill").does("w", "a").acks("w", "a").drains();
    expectVacuous(told, `${KILL}: w never exited after it.`);
  });

  it("proves nothing when its target ended otherwise", () => {
    const told = now().exits("w", { code: 0, signal: null }).hangsUp("w");
    expectVacuous(
      takenOver(told.witnesses("worker-kill")),
      `${KILL}: w ended by exit code 0, not by SIGKILL.`,
    );
  });
});

describe("The fault that an experiment declares", () => {
  const declaring = (told: Story, fault: FaultName | "none") => judge(told.events, { fault });
  const faultless = () => story().stores("a").works("w", "a").drains();
  const faulty = () => takenOver(killed(inHand().injects("worker-kill", "w")));

  it("must have landed", () => {
    const vacuity = ["The experiment declares the fault worker-kill, and it never landed."];
    expect(declaring(faultless(), "worker-kill")).toEqual(vacuous({ ...ONE_COMPLETED, vacuity }));
    expect(declaring(faulty(), "worker-kill")).toEqual(held(ONE_COMPLETED));
  });

  it("must be the one that landed", () => {
    const vacuity = ["The experiment declares the fault broker-kill, and it never landed."];
    expect(declaring(faulty(), "broker-kill")).toEqual(vacuous({ ...ONE_COMPLETED, vacuity }));
  });

  it("must have a witness", () => {
    const told = takenOver(inHand().injects("worker-kill", "w").dies("w").hangsUp("w"));
    const vacuity = [
      "The experiment declares the fault worker-kill, and it never landed.",
      `${KILL} has no witness: nothing shows that it landed.`,
    ];
    expect(declaring(told, "worker-kill")).toEqual(vacuous({ ...ONE_COMPLETED, vacuity }));
  });

  it("must be none where none is declared", () => {
    const vacuity = [
      "The experiment declares no fault, and fault 1 (worker-kill of w) was injected.",
    ];
    expect(declaring(faulty(), "none")).toEqual(vacuous({ ...ONE_COMPLETED, vacuity }));
    expect(declaring(faultless(), "none")).toEqual(held(ONE_COMPLETED));
  });
});

describe("The moment that a fault claims", () => {
  const at = (moment: "delivered" | "mid-task" | "ack-held" | "after-ack", told: Story) =>
    killed(told.injects("worker-kill", "w", moment, "a"));
  const denied = (moment: string) =>
    `${KILL} claims the moment "${moment}" for task a, and the history denies it.`;

  it("is proven at delivered while the task is unacked and unasked for", () => {
    expectCompleted(takenOver(at("delivered", inHand())));
  });

  it("is proven at delivered while the delivery is held", () => {
    const told = story().starts("w").stores("a").holds("delivery", "a", "w");
    told.injects("worker-kill", "w", "delivered", "a").dies("w").endsHold("w");
    told.delivers("a", "w", { dropped: true }).hangsUp("w").witnesses("worker-kill");
    expectCompleted(takenOver(told));
  });

  it("is denied at delivered once the effect was asked for", () => {
    const told = at("delivered", inHand().asks("w", "a")).abandons("w", "a");
    expectVacuous(takenOver(told), denied("delivered"));
  });

  it("is denied at delivered when another worker has the task", () => {
    const told = story().starts("w").stores("a").delivers("a", "v");
    at("delivered", told).does("v", "a").acks("v", "a");
    expectVacuous(told.drains(), denied("delivered"));
  });

  it("is proven mid-task while the effect is under way", () => {
    const told = at("mid-task", inHand().asks("w", "a")).abandons("w", "a");
    expectCompleted(takenOver(told));
  });

  it("is denied mid-task before the effect was asked for", () => {
    expectVacuous(takenOver(at("mid-task", inHand())), denied("mid-task"));
  });

  it("is denied mid-task once the effect is done", () => {
    const told = inHand().does("w", "a").acks("w", "a");
    expectVacuous(at("mid-task", told).drains(), denied("mid-task"));
  });

  it("is proven at ack-held when the effect is done and the ack held", () => {
    const told = inHand().does("w", "a").holds("ack", "a", "w");
    told.injects("worker-kill", "w", "ack-held", "a").dies("w").endsHold("w", "forwarded");
    expectCompleted(told.acks("w", "a").hangsUp("w").witnesses("worker-kill").drains());
  });

  it("is proven at ack-held by the effect log that is read later", () => {
    const told = inHand().holds("ack", "a", "w").injects("worker-kill", "w", "ack-held", "a");
    told.dies("w").endsHold("w", "forwarded").acks("w", "a").hangsUp("w").logs("w", "a");
    expectCompleted(told.witnesses("worker-kill").drains());
  });

  it("is denied at ack-held while the effect is not done", () => {
    const told = inHand().holds("ack", "a", "w").injects("worker-kill", "w", "ack-held", "a");
    told.dies("w").endsHold("w").acks("w", "a", { dropped: true }).hangsUp("w");
    expectVacuous(takenOver(told.witnesses("worker-kill")), denied("ack-held"));
  });

  it("is denied at ack-held when no ack is held", () => {
    const told = inHand().does("w", "a").injects("worker-kill", "w", "ack-held", "a");
    told.acks("w", "a").dies("w").hangsUp("w").witnesses("worker-kill");
    expectVacuous(told.drains(), denied("ack-held"));
  });

  it("is proven after-ack once the ack went out", () => {
    expectCompleted(at("after-ack", inHand().does("w", "a").acks("w", "a")).drains());
  });

  it("is denied after-ack when the ack never reached the broker", () => {
    const told = inHand().does("w", "a").acks("w", "a", { dropped: true });
    expectVacuous(at("after-ack", told).drains(), denied("after-ack"));
  });

  it("is denied after-ack when the task was rejected", () => {
    const told = inHand().does("w", "a").rejects("w", "a");
    expectVacuous(at("after-ack", told).drains(), denied("after-ack"));
  });

  it("is denied when it names no task", () => {
    const told = inHand().asks("w", "a").injects("worker-kill", "w", "mid-task");
    expectVacuous(
      takenOver(killed(told).abandons("w", "a")),
      `${KILL} claims the moment "mid-task" for no task, and the history denies it.`,
    );
  });

  it.each([
    ["publish-held", "publish"],
    ["confirm-held", "confirm"],
  ] as const)("is proven at %s by the hold, which is traffic enough", (moment, what) => {
    const told = story().starts("p").publishes("a", { subject: "p", dropped: true });
    told.holds(what, "a", "p").injects("producer-kill", "p", moment, "a").dies("p").endsHold("p");
    told.hangsUp("p").witnesses("producer-kill").drains();
    expect(judge(told.events)).toEqual(held({ account: { published: 1, unknown: 1 } }));
  });

  it.each(["publish-held", "confirm-held"] as const)("is denied at %s without a hold", (moment) => {
    const told = story().starts("p").stores("b").publishes("a", { subject: "p" });
    told.injects("producer-kill", "p", moment, "a").dies("p").hangsUp("p");
    told.witnesses("producer-kill").works("w", "b").drains();
    const claim = `Fault 1 (producer-kill of p) claims the moment "${moment}" for task a`;
    expect(judge(told.events)).toEqual(
      vacuous({
        account: { published: 2, confirmed: 1, unknown: 1, completed: 1 },
        fates: { completed: ["b"] },
        vacuity: [`${claim}, and the history denies it.`],
      }),
    );
  });
});

describe("A fault of the broker", () => {
  const struck = (fault: FaultName) => story().brokerUp("1").stores("a").injects(fault, "broker");
  const recovers = (told: Story, fault: FaultName) =>
    told.witnesses(fault).works("w", "a").drains();

  it("is a kill when it ends by 137 and another boot comes up", () => {
    const told = struck("broker-kill").brokerDown("1").brokerUp("2");
    expectCompleted(recovers(told, "broker-kill"));
  });

  it.each([
    ["never went down", (told: Story) => told],
    [
      "ended by exit code 0, not 137 (SIGKILL)",
      (told: Story) => told.brokerDown("1", { exitCode: 0, clean: true }).brokerUp("2"),
    ],
    ["never came back", (told: Story) => told.brokerDown("1")],
  ])("is no kill when the broker %s", (what, course) => {
    const told = recovers(course(struck("broker-kill")), "broker-kill");
    const end = what.startsWith("ended") ? "" : " after it";
    expectVacuous(told, `Fault 1 (broker-kill of broker): the broker ${what}${end}.`);
  });

  it("is no kill when the broker came up only before it went down", () => {
    const told = recovers(struck("broker-kill").brokerUp("2").brokerDown("2"), "broker-kill");
    const sentence = "Fault 1 (broker-kill of broker): the broker never came back after it.";
    const verdict = judge(told.events);
    expect(verdict.vacuity).toEqual([sentence]);
  });

  it("is no kill when the same boot comes up", () => {
    const told = recovers(struck("broker-kill").brokerDown("1").brokerUp("1"), "broker-kill");
    expectVacuous(
      told,
      "Fault 1 (broker-kill of broker): the broker came back as the one that went down (boot 1).",
    );
  });

  it("is a stop when it goes down cleanly", () => {
    const clean = struck("broker-stop").brokerDown("1", { exitCode: 0, clean: true });
    expectCompleted(recovers(clean.brokerUp("2"), "broker-stop"));
    expectVacuous(
      recovers(struck("broker-stop").brokerDown("1").brokerUp("2"), "broker-stop"),
      "Fault 1 (broker-stop of broker): the broker did not stop cleanly after it.",
    );
  });

  it("is a pause when it was paused", () => {
    const paused = struck("broker-pause").tells({ type: "broker-paused", boot: "1" });
    expectCompleted(recovers(paused, "broker-pause"));
    expectVacuous(
      recovers(struck("broker-pause"), "broker-pause"),
      "Fault 1 (broker-pause of broker): the broker was not paused after it.",
    );
  });
});

describe("A fault of the network that ends connections", () => {
  const ends = ["connection-reset", "connection-close", "torn-frame"] as const;

  it.each(ends)("(%s) is one when a connection of its target ended without a farewell", (fault) => {
    const told = inHand().injects(fault, "w").hangsUp("w", { by: "link" }).witnesses(fault);
    expectCompleted(takenOver(told));
  });

  it.each(ends)("(%s) is none when the connection ended in order", (fault) => {
    const told = inHand().injects(fault, "w").hangsUp("w", { clean: true }).witnesses(fault);
    expectVacuous(takenOver(told), `Fault 1 (${fault} of w): no connection of w was cut after it.`);
  });

  it.each(ends)("(%s) is none when only another's connection ended", (fault) => {
    const told = inHand().consumes("v").injects(fault, "w").hangsUp("v").witnesses(fault);
    told.does("w", "a").acks("w", "a").drains();
    expectVacuous(told, `Fault 1 (${fault} of w): no connection of w was cut after it.`);
  });

  it("is none when the connection had ended before", () => {
    const told = inHand().hangsUp("w").injects("connection-close", "w");
    expectVacuous(
      takenOver(told.witnesses("connection-close")),
      "Fault 1 (connection-close of w): no connection of w was cut after it.",
    );
  });

  it("is everyone's when its target is everyone", () => {
    const told = inHand().injects("connection-reset", EVERYONE).hangsUp("w", { by: "link" });
    expectCompleted(takenOver(told.witnesses("connection-reset")));
  });

  it.each([0, 1])("about one connection is about no other: %i further", (further) => {
    const told = inHand();
    const connection = told.at("w").connection + further;
    const named = { fault: "connection-reset", injection: 1, moment: "now", task: null } as const;
    told.tells({ type: "fault-injected", ...named, target: "w", connection });
    takenOver(told.hangsUp("w", { by: "link" }).witnesses("connection-reset"));
    const sentence = "Fault 1 (connection-reset of w): no connection of w was cut after it.";
    expect(judge(told.events).vacuity).toEqual(further === 0 ? [] : [sentence]);
  });
});

describe("A fault of the network that lasts", () => {
  const harms = ["half-open", "stall", "latency", "bandwidth"] as const;
  const impaired = (told: Story, harm: Harm, injection = 1) => {
    const where = { subject: "w", connection: told.at("w").connection };
    return told.tells({ type: "impaired", injection, harm, towards: "broker", bytes: 9, ...where });
  };
  const finished = (told: Story) => told.does("w", "a").acks("w", "a").drains();
  const nothing = (fault: FaultName) =>
    `Fault 1 (${fault} of w): nothing of w passed while it lasted.`;

  it.each(harms)("(%s) is one when it struck bytes", (harm) => {
    const told = impaired(inHand().injects(harm, "w"), harm).witnesses(harm);
    expectCompleted(finished(told));
  });

  it.each(harms)("(%s) is none when it struck nothing", (harm) => {
    expectVacuous(finished(inHand().injects(harm, "w").witnesses(harm)), nothing(harm));
  });

  it("is none when the bytes were another's", () => {
    const told = impaired(inHand().injects("stall", "w"), "stall", 2).witnesses("stall");
    expectVacuous(finished(told), nothing("stall"));
  });

  it("needs no traffic before it: what it strikes comes after", () => {
    const told = story().starts("w").injects("latency", "w");
    impaired(told, "latency").witnesses("latency").stores("a").delivers("a", "w");
    expectCompleted(finished(told));
  });

  it("is a cut after some bytes when these passed, and a connection ended", () => {
    const cut = () => inHand().injects("cut-after", "w");
    const told = impaired(cut(), "cut-after").hangsUp("w", { by: "link" }).witnesses("cut-after");
    expectCompleted(takenOver(told));
    const uncut = "Fault 1 (cut-after of w): no connection of w was cut after it.";
    expectVacuous(finished(impaired(cut(), "cut-after").witnesses("cut-after")), uncut);
    expectVacuous(finished(cut().witnesses("cut-after")), nothing("cut-after"), uncut);
  });

  it("is a refusal when a connection was refused", () => {
    const refusal = () => inHand().injects("connection-refusal", "w");
    const refused = (injection: number) =>
      refusal().tells({ type: "connection-refused", subject: "w", injection });
    expectCompleted(finished(refused(1).witnesses("connection-refusal")));
    for (const told of [refusal(), refused(2)]) {
      const unstruck = finished(told.witnesses("connection-refusal"));
      expectVacuous(unstruck, nothing("connection-refusal"));
    }
  });

  it("has the moment that it claims, or proves nothing", () => {
    const told = inHand().does("w", "a").injects("stall", "w", "ack-held", "a");
    impaired(told, "stall").witnesses("stall").acks("w", "a").drains();
    expectVacuous(
      told,
      'Fault 1 (stall of w) claims the moment "ack-held" for task a, and the history denies it.',
    );
  });
});

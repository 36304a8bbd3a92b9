/** Every mutant does the wrong that it is there for, as the wire and the effects show. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { mutants } from "../../../fixtures/subjects/expected.ts";
import { within } from "../../../harness/until.ts";
import { laneBroker } from "../../../harness/vitest.ts";
import { Company } from "./company.ts";
import { isInstalled } from "./installed.ts";

let company: Company;

beforeAll(async () => {
  company = await Company.open(await laneBroker(), mutants.filter(isInstalled));
  await company.start();
});

afterAll(async () => {
  await company.close();
});

const tasks = (prefix: string) => Array.from({ length: 30 }, (_, index) => `${prefix}-${index}`);
const others = (...names: string[]) => company.names.filter((name) => !names.includes(name));
const acked = (name: string, since = 0) =>
  company.seen(name, "acked", since).flatMap((event) => event.tasks);

const early = () => company.names.filter((name) => /acks.early$/.test(name));

/** Waits until it is true of some mutants, and expects that it is of no other. */
async function only(names: string[], what: string, isTrue: (name: string) => boolean) {
  await company.every(what, isTrue, names);
  expect(company.names.filter(isTrue).sort(), what).toEqual(names.sort());
}

test("some show it as they consume", async () => {
  company.effects.hold();
  await company.publish(["busy-1", "hopeless-1", ...tasks("first")]);
  const idle = (name: string) => company.effects.held(name) === 0;
  await company.every("to be mid-task", (name) => !idle(name));
  await only(early(), "ack what is not done", (name) => {
    return acked(name).length > 0;
  });
  await only(["mutants/automatic-acks"], "have automatic acks", (name) => {
    return company.seen(name, "consuming").some(({ noAck }) => noAck);
  });
  await only(["mutants/unbounded-prefetch"], "have no prefetch", (name) => {
    return company.seen(name, "consuming").some(({ prefetch }) => prefetch === 0);
  });
  const unbounded = () => company.seen("mutants/unbounded-prefetch", "delivered").length;
  await company.every("to be sent all", () => unbounded() === 32, ["mutants/unbounded-prefetch"]);
});

test("some show it when an effect fails, or in what they publish", async () => {
  company.effects.release();
  const never = ["mutants/poison-loop"];
  await company.every(
    "to be at the end",
    (name) => company.effects.done(name).includes("first-29"),
    others(...never),
  );
  await only(never, "try for ever what can't be done", (name) => {
    const deliveries = company.seen(name, "delivered").filter(({ task }) => task === "hopeless-1");
    return deliveries.length > 20;
  });
  await only(["mutants/rejects-on-failure"], "reject what could be done", (name) => {
    return company.seen(name, "rejected").some((event) => {
      return event.tasks.includes("busy-1") && !event.requeue;
    });
  });
  await only(["mutants/acks-on-failure", ...early()], "ack what failed", (name) => {
    return acked(name).includes("hopeless-1");
  });
  const published = (name: string) => company.seen(name, "published");
  await only(["mutants/transient-publishes"], "publish what is transient", (name) => {
    return published(name).some(({ persistent }) => !persistent);
  });
  await only(["mutants/unconfirmed-publishes"], "publish without confirms", (name) => {
    return published(name).some(({ tag }) => tag === null);
  });
  await only(["mutants/not-mandatory"], "publish without mandatory", (name) => {
    return published(name).some(({ mandatory }) => !mandatory);
  });
});

test("some show it when their connection is lost", async () => {
  company.effects.hold();
  await company.publish(tasks("second"));
  await company.every("to be mid-task", (name) => company.effects.held(name) > 0);
  const since = company.history.events.length;
  for (const subject of company.names) company.link.reset({ subject });
  const back = (name: string) => company.seen(name, "consuming", since).length > 0;
  const gone = ["mutants/crashes-on-loss", "mutants/hangs", "mutants/stops-consuming"];
  await company.every("to consume again", back, others(...gone));
  await company.every(
    "to be connected again",
    (name) => company.seen(name, "channel-opened", since).length > 0,
    ["mutants/stops-consuming"],
  );
  expect(gone.filter(back)).toEqual([]);
  expect(company.seen("mutants/hangs", "connection-opened", since)).toEqual([]);
  expect(company.running("mutants/hangs").state).toBe("running");
  const crash = company.running("mutants/crashes-on-loss").exited;
  expect(await within("the crash", crash)).toEqual({ code: 1, signal: null });
  company.effects.release();
  await only(["mutants/misdirected-ack"], "ack what is not theirs", (name) => {
    return company.seen(name, "acked", since).some((event) => event.tasks.length === 0);
  });
  await only(["mutants/not-idempotent"], "do a task twice", (name) => {
    const done = company.effects.done(name);
    return done.some((task, index) => done.indexOf(task) !== index);
  });
});

test("some show it when they are asked to leave", async () => {
  const left = ["crashes-on-loss", "hangs", "stops-consuming"].map((name) => `mutants/${name}`);
  const asked = others(...left, "mutants/poison-loop");
  await company.every(
    "to be at the end",
    (name) => company.effects.done(name).includes("second-29"),
    asked.filter((name) => name !== "mutants/automatic-acks"), // It has lost them by then.
  );
  company.effects.hold();
  await company.publish(tasks("third"));
  await company.every("to be mid-task", (name) => company.effects.held(name) > 0, asked);
  const since = company.history.events.length;
  for (const name of asked) company.running(name).signal("SIGTERM");
  const drops = company.running("mutants/drops-on-sigterm").exited;
  expect(await within("it to drop all", drops)).toEqual({ code: 0, signal: null });
  expect(acked("mutants/drops-on-sigterm", since)).toContain("third-9");
  expect(company.effects.done("mutants/drops-on-sigterm")).not.toContain("third-9");
  company.effects.release();

  const stays = "mutants/ignores-sigterm";
  const leave = asked.filter((name) => name !== stays);
  const exits = leave.map((name) => within(`${name} to leave`, company.running(name).exited));
  expect(await Promise.all(exits)).toEqual(leave.map(() => ({ code: 0, signal: null })));
  expect(company.running(stays).state).not.toBe("terminated");
  const more = [stays, "mutants/takes-more-on-sigterm"];
  await company.every("to do what is new", (name) => acked(name, since).includes("third-20"), more);
  expect(leave.filter((name) => company.effects.done(name).includes("third-20"))).toEqual([
    "mutants/takes-more-on-sigterm",
  ]);
});

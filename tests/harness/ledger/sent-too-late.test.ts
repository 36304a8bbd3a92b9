/** Deliveries on a channel that has ended: RabbitMQ may send some of them behind its own close. */
import { expect, test } from "vitest";
import { judge, Ledger } from "../../../harness/ledger/ledger.ts";
import { type Story, story } from "./history-builder.ts";

const byBroker = { by: "broker", code: 406 } as const;
/** Its next connection, beside the first one that it leaves open. */
const next = { connection: 99, channel: 1 };

const started = () => story().starts("w").connects("w").consumes("w").stores("a");
const closed = () => started().closesChannel("w", byBroker).delivers("a", "w");
const again = (told: Story) =>
  told
    .consumes("w", next)
    .delivers("a", "w", { ...next, tag: 1, redelivered: true })
    .does("w", "a")
    .acks("w", "a", { ...next, tag: 1 });

const outstandingAfter = ({ events }: Story) => {
  const ledger = new Ledger();
  for (const event of events) ledger.add(event);
  return ledger.outstanding();
};

test("are back in their queue", () => {
  expect(outstandingAfter(closed())).toEqual(["a"]);
  expect(outstandingAfter(again(closed()))).toEqual([]);
});

test("need no answer, also where the first connection is left in order", () => {
  const told = again(closed()).hangsUp("w", { clean: true });
  const { outcome, convictions } = judge(told.drains().events, { convictions: "all" });
  expect({ outcome, convictions }).toEqual({ outcome: "held", convictions: [] });
});

test("are nobody's any more once the channel's number is that of another one", () => {
  const { subject, connection, channel } = started().at("w");
  const place = { subject, connection, channel };
  const told = closed()
    .tells({ type: "channel-opened", ...place })
    .drains("tasks", "a");
  expect(outstandingAfter(told)).toEqual([]);
});

test("with automatic acks are gone", () => {
  const automatic = story().starts("w").consumes("w", { noAck: true }).stores("a");
  const told = automatic.closesChannel("w", byBroker).delivers("a", "w", { noAck: true });
  expect(outstandingAfter(told)).toEqual([]);
  expect(judge(told.drains().events).fates.lost).toEqual(["a"]);
});

test("are ready all the time for whoever wants them", () => {
  const told = closed().waits(500);
  const { availability } = judge(again(told).drains().events);
  expect(availability.run.deliveries).toBeGreaterThanOrEqual(500);
});

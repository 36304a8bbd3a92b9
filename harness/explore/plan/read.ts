import * as v from "valibot";
import { CONSUMERS, DEAD, type Plan, TASKS, WORKERS } from "./command.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const queueType = v.picklist(["classic", "quorum"]);
const slot = v.picklist([...WORKERS, ...CONSUMERS]);

const terms = v.strictObject({
  type: queueType,
  durable: v.boolean(),
  maxLength: v.optional(count),
  overflow: v.optional(v.picklist(["drop-head", "reject-publish"])),
  ttl: v.optional(count),
  deadLetters: v.optional(v.literal(true)),
  maxPriority: v.optional(count),
});

const command = v.variant("do", [
  v.strictObject({ do: v.literal("declare"), terms }),
  v.strictObject({ do: v.literal("declare-dead"), type: queueType }),
  v.strictObject({ do: v.literal("delete"), queue: v.picklist([TASKS, DEAD]) }),
  v.strictObject({
    do: v.literal("publish"),
    count,
    batch: v.pipe(count, v.minValue(1)),
    persistent: v.boolean(),
    confirmed: v.boolean(),
    mandatory: v.boolean(),
    priority: v.optional(count),
  }),
  v.strictObject({ do: v.literal("start"), who: v.picklist(WORKERS), prefetch: count }),
  v.strictObject({
    do: v.literal("consume"),
    who: v.picklist(CONSUMERS),
    prefetch: count,
    noAck: v.boolean(),
  }),
  v.strictObject({
    do: v.literal("answer"),
    who: v.picklist(CONSUMERS),
    how: v.picklist(["ack", "reject", "requeue"]),
    count,
  }),
  v.strictObject({ do: v.literal("stop"), who: slot }),
  v.strictObject({
    do: v.literal("kill"),
    who: v.picklist(WORKERS),
    at: v.picklist(["now", "delivered", "mid-task", "ack-held", "after-ack"]),
  }),
  v.strictObject({
    do: v.literal("network"),
    who: v.picklist(["publisher", ...WORKERS, ...CONSUMERS]),
    harm: v.picklist(["reset", "close", "half-open", "stall"]),
  }),
  v.strictObject({
    do: v.literal("broker"),
    harm: v.picklist(["restart", "kill", "pause", "power-cut"]),
  }),
  v.strictObject({ do: v.literal("open") }),
  v.strictObject({ do: v.literal("heal") }),
  v.strictObject({ do: v.literal("wait"), until: v.picklist(["delivered", "worked"]) }),
]);

const plan = v.array(command);

/** Is it a plan, as it was written by this version? */
export function isPlan(value: unknown): value is Plan {
  return v.is(plan, value);
}

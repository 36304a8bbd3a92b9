import * as v from "valibot";
import type { ConvictionKind } from "../../ledger/convictions.ts";
import type { Effects, IdPlace } from "../options.ts";
import type { AuditConfig, Duration } from "./audit-config.ts";

/** Bytes of the longest name that AMQP can carry. */
const SHORT_STRING = 255;
const LONGEST_TIME = 600_000;
const LARGEST_PAYLOAD = 1024 * 1024;
/** What the audit itself tells a worker. */
const CONTRACT = ["AMQP_URL", "QUEUE", "EFFECT_URL", "EFFECT_LOG", "OUTPUT_QUEUE"];
const UNITS = { ms: 1, s: 1000, m: 60_000 };

/** Compiles only while it names every kind. */
const KINDS: Record<ConvictionKind, true> = {
  lost: true,
  duplicated: true,
  remaining: true,
  unexpected: true,
  "at risk": true,
  "automatic acks": true,
  "transient publishes": true,
  "unconfirmed publishes": true,
  "unbounded prefetch": true,
  "unknown delivery tag": true,
  "never acked": true,
  "misdirected ack": true,
  "not consuming": true,
  "crashed on": true,
  "poison loop": true,
  "unroutable publishes without mandatory": true,
  "drain failed": true,
};
export const CONVICTION_KINDS = Object.keys(KINDS) as ConvictionKind[];

export const convictions = v.pipe(
  v.array(v.picklist(CONVICTION_KINDS)),
  v.transform((kinds) => [...new Set(kinds)]),
);

export const text = v.pipe(v.string(), v.nonEmpty());

export const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** A name on the wire. */
export const name = v.pipe(v.string(), v.nonEmpty(), v.maxBytes(SHORT_STRING));
export const nameOrNone = v.pipe(v.string(), v.maxBytes(SHORT_STRING));

export const queue = v.pipe(
  name,
  v.check((value) => !value.startsWith("amq."), "names with amq. are the broker's own"),
);

export const payload = v.pipe(v.string(), v.maxBytes(LARGEST_PAYLOAD));
export const isPayload = (value: string): boolean => v.is(payload, value);

export const duration = v.pipe(
  v.custom<Duration>((value) => !Number.isNaN(milliseconds(value))),
  v.transform((value: Duration) => milliseconds(value)),
  v.minValue(1),
  v.maxValue(LONGEST_TIME),
);

/** NaN of what is no time. */
function milliseconds(value: unknown): number {
  if (typeof value === "number") return value;
  const [, count, unit] = /^(\d+(?:\.\d+)?) ?(ms|s|m)$/.exec(String(value)) ?? [];
  return Math.round(Number(count) * UNITS[unit as keyof typeof UNITS]);
}

export const broker = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.check(
    (value) => !/^amqps:/i.test(value),
    "TLS to the broker is not supported, name its amqp:// listener",
  ),
  v.check(
    (value) => !value.includes("://") || /^amqp:\/\//i.test(value),
    "a broker that is there already is spoken to in AMQP 0-9-1",
  ),
  v.check(
    (value) => !value.includes("://") || Boolean(URL.canParse(value) && new URL(value).hostname),
    "its characters must be percent-encoded, and it must name a host",
  ),
  v.check((value) => value.includes("://") || !/[\s,]/.test(value), "it has a space or a comma"),
);

export const id = v.custom<IdPlace>(
  (value) =>
    value === "messageId" ||
    value === "correlationId" ||
    (typeof value === "string" && /^header:./.test(value) && v.is(name, value.slice(7))),
);

export const effects = v.pipe(
  v.union([
    v.picklist(["sink", "log", "none"]),
    v.strictObject({ probe: text }),
    v.strictObject({ queue: name }),
  ]),
  v.transform((value): Effects => {
    if (typeof value === "string") return { kind: value };
    if ("probe" in value) return { kind: "probe", command: value.probe };
    return { kind: "queue", queue: value.queue };
  }),
);

export const command = v.pipe(
  v.union([v.string(), v.array(v.string())]) as v.GenericSchema<
    Exclude<AuditConfig["command"], undefined>
  >,
  v.check(
    (value) => typeof value !== "string" || !/["'`$&|;<>\\]/.test(value),
    'no shell runs it, so give its words as a list, or ["sh", "-c", "..."]',
  ),
  v.transform((value) => (typeof value === "string" ? value.split(/\s+/).filter(Boolean) : value)),
  v.check(([program]) => program !== "", "its program has no name"),
  v.transform((words) => [...words]),
);

export const env = v.pipe(
  v.record(v.pipe(v.string(), v.regex(/^[^=\0]+$/)), v.string()),
  v.check(
    (value) => !CONTRACT.some((name) => name in value),
    `the audit itself gives a worker ${CONTRACT.join(", ")}`,
  ),
);

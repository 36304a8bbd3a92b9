import * as fc from "fast-check";
import {
  Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  option,
  type Random,
  record,
  Stream,
  tuple,
  Value,
} from "fast-check";
import type { Moment, QueueType } from "../../history/event.ts";
import { CONSUMERS, type Command, DEAD, type Plan, TASKS, type Terms, WORKERS } from "./command.ts";
import { smaller } from "./shrink.ts";

/** Commands of one plan, apart from the declarations that it may begin with. */
const MOST_COMMANDS = 16;

const MOMENTS: Moment[] = ["now", "delivered", "mid-task", "ack-held", "after-ack"];

/** What is there in most cases, and left out in some. */
const often = <T>(arbitrary: Arbitrary<T>) => option(arbitrary, { freq: 4, nil: undefined });
const seldom = <T>(arbitrary: Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: constant(undefined) }, { weight: 1, arbitrary });
const chosen = <T>(...weighted: [number, T][]) =>
  fc.oneof(...weighted.map(([weight, value]) => ({ weight, arbitrary: constant(value) })));

const queueType = constantFrom<QueueType[]>("classic", "quorum");

const terms: Arbitrary<Terms> = record({
  type: queueType,
  durable: chosen([9, true], [1, false]),
  limit: seldom(
    record({
      maxLength: constantFrom(0, 1, 3, 10),
      overflow: seldom(constant("reject-publish" as const)),
    }),
  ),
  ttl: seldom(constantFrom(0, 30, 300, 60_000)),
  deadLetters: option(constant(true as const), { freq: 2, nil: undefined }),
  maxPriority: seldom(constantFrom(1, 5)),
}).map(({ type, durable, limit, ...more }) => {
  const isQuorum = type === "quorum";
  const terms = { type, durable: durable || isQuorum, ...limit, ...more };
  return present(isQuorum ? { ...terms, maxPriority: undefined } : terms);
});

const declaration: Arbitrary<Command> = terms.map((terms) => ({ do: "declare", terms }));
const declarationOfDead = queueType.map((type): Command => ({ do: "declare-dead", type }));

const publishing: Arbitrary<Command> = record({
  count: chosen([3, 1], [4, 3], [3, 8], [2, 20], [2, 60]),
  batch: chosen([1, 1], [1, 5], [2, 100]),
  persistent: chosen([3, true], [1, false]),
  confirmed: chosen([4, true], [1, false]),
  mandatory: chosen([3, true], [1, false]),
  priority: seldom(constantFrom(0, 1, 5)),
}).map((how): Command => present({ do: "publish", ...how }));

const who = constantFrom(...WORKERS, ...CONSUMERS);
const prefetch = constantFrom(1, 2, 10);

const start = record({ do: constant("start" as const), who: constantFrom(...WORKERS), prefetch });
const consume = record({
  do: constant("consume" as const),
  who: constantFrom(...CONSUMERS),
  prefetch,
  noAck: chosen([4, false], [1, true]),
});
const answer = record({
  do: constant("answer" as const),
  who: constantFrom(...CONSUMERS),
  how: constantFrom("ack" as const, "reject" as const, "requeue" as const),
  count: constantFrom(1, 2, 5),
});
const kill = record({
  do: constant("kill" as const),
  who: constantFrom(...WORKERS),
  at: constantFrom(...MOMENTS),
});
const network = record({
  do: constant("network" as const),
  who: constantFrom("publisher" as const, ...WORKERS, ...CONSUMERS),
  harm: constantFrom("reset" as const, "close" as const, "half-open" as const, "stall" as const),
});
const broker = record({
  do: constant("broker" as const),
  harm: constantFrom("restart" as const, "kill" as const, "pause" as const, "power-cut" as const),
});

/** Commands by how often they are drawn. */
const quiet: { weight: number; arbitrary: Arbitrary<Command> }[] = [
  { weight: 8, arbitrary: publishing },
  { weight: 1, arbitrary: declaration },
  { weight: 1, arbitrary: declarationOfDead },
  {
    weight: 1,
    arbitrary: record({
      do: constant("delete" as const),
      queue: chosen<typeof TASKS | typeof DEAD>([2, TASKS], [1, DEAD]),
    }),
  },
  { weight: 2, arbitrary: start },
  { weight: 2, arbitrary: consume },
  { weight: 4, arbitrary: answer },
  { weight: 1, arbitrary: record({ do: constant("stop" as const), who }) },
  { weight: 2, arbitrary: kill },
  { weight: 2, arbitrary: network },
  { weight: 2, arbitrary: constant<Command>({ do: "open" }) },
  { weight: 1, arbitrary: constant<Command>({ do: "heal" }) },
  {
    weight: 2,
    arbitrary: record({
      do: constant("wait" as const),
      until: constantFrom("delivered" as const, "worked" as const),
    }),
  },
];

/** How a plan begins: most do with the queue. Nothing is given for free. */
const opening: Arbitrary<Command[]> = tuple(
  option(declarationOfDead, { freq: 2, nil: undefined }),
  often(declaration),
).map((commands) => commands.filter((command) => command !== undefined));

function commands(withBroker: boolean): Arbitrary<Command[]> {
  const drawn = (most: number) => array(fc.oneof(...quiet), { minLength: 2, maxLength: most });
  if (!withBroker) return tuple(opening, drawn(MOST_COMMANDS)).map((parts) => parts.flat());
  // A fault of the broker takes seconds: one or two in each plan, with something before and after.
  const half = drawn(MOST_COMMANDS / 2);
  return tuple(opening, half, broker, half, seldom(broker), boolean()).map(
    ([first, before, fault, after, second]) => [
      ...first,
      ...before,
      fault,
      ...after,
      ...(second ? [second] : []),
    ],
  );
}

/** Plans, which shrink by whole commands first. */
export class Plans extends Arbitrary<Plan> {
  readonly #drawn: Arbitrary<Command[]>;

  /** @param withBroker whether each has a fault of the broker, or none. */
  constructor(withBroker: boolean) {
    super();
    this.#drawn = commands(withBroker);
  }

  override generate(random: Random): Value<Plan> {
    return new Value<Plan>(this.#drawn.generate(random, undefined).value, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Plan {
    return Array.isArray(value);
  }

  override shrink(plan: Plan): Stream<Value<Plan>> {
    return new Stream(smaller(plan)).map((each) => new Value<Plan>(each, undefined));
  }
}

/** Leaves out what is undefined. */
function present<T extends object>(from: { [Key in keyof T]: T[Key] | undefined }): T {
  const there = Object.entries(from).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as T;
}

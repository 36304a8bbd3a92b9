/** Histories that the documentation permits, beside ones that it does not, by a hair. */
import { describe, expect, test } from "vitest";
import { Telling } from "./tale.ts";

function queue(terms = {}, about: ConstructorParameters<typeof Telling>[0] = {}): Telling {
  return new Telling(about).declared(terms);
}

/** With so many places, and one task. */
function full(maxLength = 1): Telling {
  return queue({ maxLength, overflow: "reject-publish" }).published("a");
}

function rejected(terms: object, hasDead = false): Telling {
  const telling = new Telling();
  if (hasDead) telling.declared({}, "dead");
  return telling.declared(terms).published("a").delivered("a", "w").rejected("a", "w", false);
}

/** Given back as often as it was sent. */
function givenBack(times: number, type: "classic" | "quorum"): Telling {
  const telling = queue({ type }).published("a");
  for (let tag = 1; tag <= times; tag++) {
    telling.delivered("a", "w", { tag, redelivered: tag > 1 }).rejected("a", "w", true, { tag });
  }
  return telling;
}

const again = () => queue({ type: "quorum" }).deleted().declared({ type: "quorum" });
const two = () => queue().published("a").published("b");
const inHand = () => queue().published("a").delivered("a", "w");
const done = (dropped = false) => inHand().worked("a", "w").acked("a", "w", { dropped });
const careful = () => queue().promisesCare("w").published("a").delivered("a", "w");
const unknown = () => queue().published("a", { answer: "none" }).left("publisher", false);

const automatic = () => queue().consumes("w", 1, { noAck: true });

/** Dead-lettered, and there in two copies. */
function twiceDead(isEnded = false): Telling {
  const telling = new Telling().declared({}, "dead").declared({ deadLetters: true, ttl: 1 });
  telling.published("a").passes(10);
  return (isEnded ? telling.brokerEnded() : telling).drained("a", "dead").drained("a", "dead");
}

const CASES: Record<
  string,
  { permitted: [string, Telling][]; forbidden: [string, Telling, string][] }
> = {
  "a confirmed task": {
    permitted: [
      ["is done", queue().published("a").delivered("a", "w").worked("a", "w").acked("a", "w")],
      ["stays where nobody works", queue().published("a").drained("a")],
    ],
    forbidden: [
      ["vanishes", queue().published("a"), "fate"],
      [
        "stays though a worker waits",
        queue({}, { serving: ["w"] })
          .published("a")
          .drained("a"),
        "fate",
      ],
      ["was never published", queue().published("b").drained("b").drained("a"), "fate"],
    ],
  },
  "a broker's end": {
    permitted: [
      ["takes a transient task", queue().published("a", { persistent: false }).brokerEnded()],
      [
        "takes it at a restart in order, too",
        queue().published("a", { persistent: false }).brokerEnded("restart"),
      ],
      ["takes a transient queue", queue({ durable: false }).published("a").brokerEnded()],
      [
        "takes what a classic queue of 4.0 did not sync",
        queue().published("a").brokerEnded("power-cut"),
      ],
    ],
    forbidden: [
      ["takes a persistent task", queue().published("a").brokerEnded(), "fate"],
      [
        "takes a quorum queue's transient task",
        queue({ type: "quorum" }).published("a", { persistent: false }).brokerEnded(),
        "fate",
      ],
      [
        "comes before the task",
        queue().brokerEnded().published("a", { persistent: false }),
        "fate",
      ],
      [
        "takes what 3.10 syncs",
        queue({}, { version: "3.10.8" }).published("a").brokerEnded("power-cut"),
        "fate",
      ],
      [
        "takes what a quorum queue syncs",
        queue({ type: "quorum" }).published("a").brokerEnded("power-cut"),
        "fate",
      ],
    ],
  },
  "a missing queue": {
    permitted: [
      ["drops what is not mandatory", new Telling().published("a", { mandatory: false })],
      ["returns what is", new Telling().published("a", { answer: "returned" })],
      ["took its tasks with it", queue().published("a").deleted()],
      ["may be back", queue().deleted().declared().published("a").drained("a")],
      ["returned it after a deletion", queue().deleted().published("a", { answer: "returned" })],
    ],
    forbidden: [
      ["drops what is mandatory", new Telling().published("a"), "fate"],
      [
        "was back by then",
        queue().deleted().declared().published("a", { mandatory: false }),
        "fate",
      ],
      [
        "was not missing",
        queue().published("a", { answer: "returned" }),
        "returned only where no queue is",
      ],
    ],
  },
  "a length limit": {
    permitted: [
      ["drops the oldest", queue({ maxLength: 1 }).published("a").published("b").drained("b")],
      ["refuses the newest", full().published("b", { answer: "refused" }).drained("a")],
    ],
    forbidden: [
      [
        "is not reached",
        queue({ maxLength: 2 }).published("a").published("b").drained("b"),
        "fate",
      ],
      ["drops what it should have refused", full().published("b").drained("b"), "fate"],
      [
        "refuses below it",
        full(2).published("b", { answer: "refused" }).drained("a"),
        "refused only when full",
      ],
      ["is none", queue().published("a", { answer: "refused" }), "refused only when full"],
    ],
  },
  "a time to live": {
    permitted: [["is over", queue({ ttl: 30 }).published("a").passes(50).left("publisher", true)]],
    forbidden: [
      ["is not over", queue({ ttl: 300 }).published("a").passes(50).brokerEnded("restart"), "fate"],
    ],
  },
  "automatic acks": {
    permitted: [
      ["lose what was sent", queue().published("a").delivered("a", "w", { noAck: true })],
      [
        "lose what was on its way when the connection was cut",
        automatic().published("a").left("w", false),
      ],
      [
        "lose what the broker sends before it notices",
        automatic().left("w", false).passes(1_000).published("a"),
      ],
    ],
    forbidden: [
      [
        "lose what nobody was sent by an orderly end",
        automatic().published("a").left("w", true),
        "fate",
      ],
      [
        "lose what came long after the cut",
        automatic().left("w", false).passes(10_000).published("a"),
        "fate",
      ],
      [
        "are no excuse for a cut before",
        queue().published("a").left("w", false).consumes("w", 1, { noAck: true }),
        "fate",
      ],
      [
        "lose what was not",
        queue().published("b").delivered("b", "w", { noAck: true }).published("a"),
        "fate",
      ],
    ],
  },
  "an ack": {
    permitted: [["ends a task, done or not", inHand().acked("a", "w")]],
    forbidden: [["that was not sent ends none", inHand().left("w", true), "fate"]],
  },
  "a task that is given back": {
    permitted: [["twenty times is dropped by a quorum queue", givenBack(21, "quorum")]],
    forbidden: [
      ["a few times is not", givenBack(5, "quorum"), "fate"],
      ["twenty times is kept by a classic queue", givenBack(21, "classic"), "fate"],
    ],
  },
  "a quorum queue": {
    permitted: [
      [
        "that was declared in place of another may not be registered",
        again().published("a").brokerEnded(),
      ],
    ],
    forbidden: [
      ["is registered after a while", again().passes(10_000).published("a").brokerEnded(), "fate"],
      ["is registered by an orderly end", again().published("a").brokerEnded("restart"), "fate"],
      [
        "that was the first is waited for",
        queue({ type: "quorum" }).published("a").brokerEnded(),
        "fate",
      ],
    ],
  },
  "a rejected task": {
    permitted: [
      ["is dropped", rejected({})],
      ["is parked", rejected({ deadLetters: true }, true).drained("a", "dead")],
      ["is dropped where there is no place for it", rejected({ deadLetters: true })],
      [
        "is dropped where its target is not back yet",
        queue({}, {})
          .deleted()
          .declared({}, "dead")
          .brokerEnded()
          .declared({ deadLetters: true })
          .published("a")
          .delivered("a", "w")
          .rejected("a", "w", false),
      ],
      ["is dropped as the broker ends", rejected({ deadLetters: true }, true).brokerEnded()],
    ],
    forbidden: [
      ["vanishes on its way to the dead letters", rejected({ deadLetters: true }, true), "fate"],
      [
        "is parked for no reason",
        queue().declared({}, "dead").published("a").drained("a", "dead"),
        "fate",
      ],
    ],
  },
  "an acked task": {
    permitted: [
      ["comes again after a bad end", done().left("w", false).drained("a")],
      ["comes again after the broker's end", done().brokerEnded().drained("a")],
      ["comes again where it was published twice", done().published("a").drained("a")],
    ],
    forbidden: [
      ["comes again", done().drained("a"), "acked stays acked"],
      [
        "comes again though all ended well",
        done().left("w", true).drained("a"),
        "acked stays acked",
      ],
      [
        "comes again since the link dropped the ack",
        done(true).left("w", true).drained("a"),
        "acked stays acked",
      ],
      [
        "comes again after automatic acks",
        queue().published("a").delivered("a", "w", { noAck: true }).left("w", true).drained("a"),
        "acked stays acked",
      ],
    ],
  },
  "a task in hand": {
    permitted: [
      ["goes to another after it was given back", inHand().rejected("a", "w", true).drained("a")],
      ["goes to another once its holder is gone", inHand().left("w", false).drained("a")],
      [
        "is seen to come again before it is seen to come",
        queue()
          .published("a")
          .delivered("a", "v", { redelivered: true })
          .delivered("a", "w")
          .left("w", true)
          .left("v", true)
          .drained("a"),
      ],
    ],
    forbidden: [
      ["goes to another", inHand().drained("a"), "one at a time"],
      [
        "goes to another long before its holder is gone",
        inHand()
          .delivered("a", "v", { redelivered: true })
          .passes(10_000)
          .left("w", false)
          .left("v", true),
        "one at a time",
      ],
      [
        "comes again without the flag, long after",
        queue()
          .published("a")
          .delivered("a", "v", { redelivered: true })
          .left("v", true)
          .passes(10_000)
          .delivered("a", "w")
          .left("w", true)
          .drained("a"),
        "flagged as redelivered",
      ],
      [
        "comes again without the flag",
        inHand().rejected("a", "w", true).delivered("a", "v").left("v", true).drained("a"),
        "flagged as redelivered",
      ],
    ],
  },
  "one publish": {
    permitted: [
      ["leaves once", queue().published("a").drained("a")],
      ["leaves twice as a dead letter where the broker ended", twiceDead(true)],
    ],
    forbidden: [
      ["leaves twice", queue().published("a").drained("a").drained("a"), "no copies"],
      [
        "leaves twice although the broker ended",
        queue().published("a").brokerEnded().drained("a").drained("a"),
        "no copies",
      ],
      ["leaves twice as a dead letter", twiceDead(), "no copies"],
      [
        "is never answered",
        queue().published("a", { answer: "none" }).drained("a"),
        "every publish is answered",
      ],
      [
        "is answered to nobody",
        queue().published("a", { dropped: true }).drained("a"),
        "every publish is answered",
      ],
    ],
  },
  "an unknown publish": {
    permitted: [
      ["is stored", unknown().drained("a")],
      ["is not stored", unknown()],
    ],
    forbidden: [["is stored twice", unknown().drained("a").drained("a"), "no copies"]],
  },
  "a refused publish": {
    permitted: [["is stored nowhere", full().published("b", { answer: "refused" }).drained("a")]],
    forbidden: [
      [
        "is stored all the same",
        full().published("b", { answer: "refused" }).drained("a").drained("b"),
        "fate",
      ],
    ],
  },
  "the order of tasks": {
    permitted: [
      [
        "is that of their publishes",
        two()
          .delivered("a", "w")
          .delivered("b", "w", { tag: 2 })
          .left("w", true)
          .drained("a")
          .drained("b"),
      ],
      [
        "is another where one was given back",
        two()
          .delivered("b", "w")
          .delivered("a", "w", { redelivered: true, tag: 2 })
          .left("w", true)
          .drained("a")
          .drained("b"),
      ],
      [
        "is another for those with a priority",
        queue()
          .published("a")
          .published("b", { prioritized: true })
          .delivered("b", "w")
          .delivered("a", "w", { tag: 2 })
          .left("w", true)
          .drained("a")
          .drained("b"),
      ],
      [
        "is another in a queue with priorities",
        queue({ maxPriority: 5 })
          .published("a")
          .published("b")
          .delivered("b", "w")
          .delivered("a", "w", { tag: 2 })
          .left("w", true)
          .drained("a")
          .drained("b"),
      ],
    ],
    forbidden: [
      [
        "is another",
        two()
          .delivered("b", "w")
          .delivered("a", "w", { tag: 2 })
          .left("w", true)
          .drained("a")
          .drained("b"),
        "in order",
      ],
    ],
  },
  "a prefetch": {
    permitted: [
      [
        "is used up",
        two()
          .consumes("w", 2)
          .delivered("a", "w")
          .delivered("b", "w", { tag: 2 })
          .left("w", true)
          .drained("a")
          .drained("b"),
      ],
      [
        "is free again after an ack",
        two()
          .consumes("w", 1)
          .delivered("a", "w")
          .worked("a", "w")
          .acked("a", "w")
          .delivered("b", "w", { tag: 2 })
          .left("w", true)
          .drained("b"),
      ],
      [
        "is one's own who subscribes again",
        two()
          .consumes("w", 1)
          .delivered("a", "w")
          .consumes("w", 1)
          .delivered("b", "w", { tag: 2 })
          .left("w", true)
          .drained("a")
          .drained("b"),
      ],
    ],
    forbidden: [
      [
        "is exceeded",
        two()
          .consumes("w", 1)
          .delivered("a", "w")
          .delivered("b", "w", { tag: 2 })
          .left("w", true)
          .drained("a")
          .drained("b"),
        "within the prefetch",
      ],
    ],
  },
  "a careful worker": {
    permitted: [["acks after its work", careful().worked("a", "w").acked("a", "w")]],
    forbidden: [
      ["acks before its work", careful().acked("a", "w").worked("a", "w"), "acks follow the work"],
      ["acks another's work", careful().worked("a", "v").acked("a", "w"), "acks follow the work"],
    ],
  },
};

for (const [about, { permitted, forbidden }] of Object.entries(CASES)) {
  describe(about, () => {
    test.each(permitted)("%s", (_, telling) => {
      expect(telling.broken).toEqual([]);
    });
    test.each(forbidden)("%s: forbidden", (_, telling, rule) => {
      expect(telling.broken).toEqual([rule]);
    });
  });
}

import { describe, expect, test } from "vitest";
import { guaranteeDocument, outlineOf } from "../../../harness/report/document.ts";
import { anchorOf } from "../../../harness/report/document-markdown.ts";
import type { SpecResult } from "../../../harness/report/result.ts";
import { aSpec, onBoth, onVersion } from "./specs.ts";

const ABOUT = { date: "2026-01-31", node: "24.1.0", amqplib: "2.3.1", articles: [] };

const documentOf = (specs: SpecResult[]) => guaranteeDocument(specs, ABOUT);

/** What stands under a heading, up to the next one, without empty lines. */
function under(heading: string, document: string): string[] {
  const [, ...rest] = document.slice(document.indexOf(`\n${heading}\n`) + 1).split("\n");
  const end = rest.findIndex((line) => line.startsWith("#"));
  return rest.slice(0, end).filter((line) => line !== "");
}

const found = (specs: SpecResult[]) => under("#### A task is done", documentOf(specs)).slice(0, -1);

const VERSIONS = ["3.10.8", "4.0.5", "4.3.6"];
const everywhere = (details: Partial<SpecResult> = {}) =>
  VERSIONS.flatMap((version) => onVersion(version, details));

describe("what was found", () => {
  test("is said once where it is the same everywhere", () => {
    expect(found(everywhere())).toEqual(["3 published = 3 confirmed = 3 completed"]);
  });

  test("stands beside its versions and types where it differs, the oldest version first", () => {
    const lost = { published: 3, confirmed: 3, lost: 3 };
    const specs = everywhere().map((spec) =>
      spec.broker.version === "4.3.6" || spec.queueType === "quorum"
        ? spec
        : { ...spec, account: lost },
    );
    expect(found(specs)).toEqual([
      "- **classic on 3.10.8 and 4.0.5:** 3 published = 3 confirmed = 3 lost",
      "- **classic on 4.3.6; quorum on every version:** 3 published = 3 confirmed = 3 completed",
    ]);
  });

  test("says of a spec that does not apply why, and never that it held", () => {
    const specs = [
      ...onVersion("3.10.8", { outcome: "not-applicable", account: {}, reasons: ["too old"] }),
      ...onVersion("4.3.6"),
    ];
    expect(found(specs)).toEqual([
      "- **classic and quorum on 3.10.8:** not applicable: too old",
      "- **classic and quorum on 4.3.6:** 3 published = 3 confirmed = 3 completed",
    ]);
  });

  test("has the broker's answers under it, for their places", () => {
    const specs = [
      ...onVersion("3.10.8"),
      ...onVersion("4.3.6", { notes: ["closed: 406 PRECONDITION_FAILED", "and again"] }),
    ];
    expect(found(specs)).toEqual([
      "- **classic and quorum on 3.10.8:** 3 published = 3 confirmed = 3 completed",
      "- **classic and quorum on 4.3.6:** 3 published = 3 confirmed = 3 completed",
      "  - closed: 406 PRECONDITION_FAILED",
      "  - and again",
    ]);
  });

  test("is an answer alone where no task is involved", () => {
    expect(found(onBoth({ account: {}, notes: ["404 NOT_FOUND"] }))).toEqual(["404 NOT_FOUND"]);
    expect(found(onBoth({ account: {} }))).toEqual(["held, with no task involved"]);
  });
});

describe("two runs that find the same make the same document", () => {
  test("however long they took, and whatever they measured", () => {
    const other = everywhere({
      time: { boots: 1, waits: 2, total: 3 },
      memory: 4,
      figures: ["given up after 2.31 intervals"],
    });
    expect(documentOf(other)).toBe(documentOf(everywhere()));
  });

  test("though measurements count differently each time", () => {
    const measured = (recovered: number) =>
      documentOf(everywhere({ kind: "measurement", account: { unknown: 9, recovered } }));
    expect(measured(3)).toBe(measured(4));
    expect(measured(3)).not.toContain("recovered +");
  });

  test("whichever family was done first", () => {
    const [a, b] = [everywhere(), everywhere({ family: "durability", promise: "It is kept" })];
    expect(documentOf([...b, ...a])).toBe(documentOf([...a, ...b]));
  });
});

describe("a promise", () => {
  test("names its kind, its spec's line and its documentation", () => {
    expect(under("#### A task is done", documentOf(onBoth())).at(-1)).toBe(
      "*Guarantee for classic and quorum queues* · " +
        "proven in [acknowledgement.spec.ts, line 8](guarantees/acknowledgement.spec.ts#L8) · " +
        "documented in [docs/confirms](https://www.rabbitmq.com/docs/confirms)",
    );
  });

  test("that nobody documents is marked, and other sites are named", () => {
    const source = (docs: string) => under("#### A task is done", documentOf([aSpec({ docs })]));
    expect(source("observed").at(-1)).toMatch(/for classic queues\* .* · observed only$/);
    const elsewhere = "https://amqp-node.github.io/amqplib/channel_api.html#channel_ack";
    expect(source(elsewhere).at(-1)).toContain(
      `[amqp-node.github.io/amqplib/channel_api.html#channel_ack](${elsewhere})`,
    );
  });

  test("has its limits one level below it, and no other promise's", () => {
    const kinds = [
      ["limit", "First"],
      ["guarantee", "Second"],
      ["limit", "Third"],
      ["limit", "Fourth"],
      ["measurement", "Fifth"],
      ["limit", "Sixth"],
    ] as const;
    const document = documentOf(kinds.flatMap(([kind, promise]) => onBoth({ kind, promise })));
    expect(document.match(/^####.*/gm)).toEqual([
      "#### Limit: First",
      "#### Second",
      "##### Limit: Third",
      "##### Limit: Fourth",
      "#### Measurement: Fifth",
      "#### Limit: Sixth",
    ]);
  });
});

describe("the first page", () => {
  const specs = [
    ...onBoth({ promise: "It is kept", surprise: 9 }),
    ...onBoth({ promise: "It is lost", kind: "limit", surprise: 2 }),
    ...onBoth(),
  ];

  test("has the promises that are ranked, by their rank, with what was found", () => {
    expect(under("## The two promises that most teams get wrong", documentOf(specs))).toEqual([
      "1. [It is lost](#limit-it-is-lost)",
      "   3 published = 3 confirmed = 3 completed",
      "2. [It is kept](#it-is-kept)",
      "   3 published = 3 confirmed = 3 completed",
    ]);
  });

  test("is left out where none is ranked", () => {
    expect(documentOf(onBoth())).not.toContain("most teams");
  });

  test("comes before all families, which are listed with what they hold", () => {
    const headings = documentOf(specs).match(/^##? .*/gm);
    expect(headings?.slice(0, 3)).toEqual([
      "# What RabbitMQ guarantees",
      "## The two promises that most teams get wrong",
      "## All promises",
    ]);
    expect(under("## All promises", documentOf(specs))).toEqual([
      "- [Acknowledgement](#acknowledgement): 2 guarantees, 1 limit",
    ]);
  });

  test("and every other link within the document lead to a heading", () => {
    const document = documentOf(specs);
    const anchors = document.match(/^#+ .*/gm)?.map((line) => anchorOf(line.replace(/^#+ /, "")));
    const targets = [...document.matchAll(/\]\((#[^)]+)\)/g)].map(([, target]) => target);
    expect(targets).toHaveLength(4);
    expect(anchors).toEqual(expect.arrayContaining(targets));
  });
});

test("names of families are written as words", () => {
  const specs = ["fair-dispatch", "ttl-and-length", "amqplib"].flatMap((family) =>
    onBoth({ family, promise: family }),
  );
  expect(documentOf(specs).match(/^### .*/gm)).toEqual([
    "### amqplib",
    "### Fair dispatch",
    "### TTL and length",
  ]);
});

test("findings have a section of their own, with those that are told", () => {
  const finding = { kind: "finding", promise: "It vanishes", family: "vanishing" } as const;
  const specs = [...onBoth(), ...onBoth({ ...finding, file: "tests/findings/vanishing.spec.ts" })];
  const article = { title: "It can vanish", path: "findings/it-can-vanish.md" };
  const document = guaranteeDocument(specs, { ...ABOUT, articles: [article] });
  expect(document.match(/^##+ .*/gm)).toEqual([
    "## All promises",
    "### Acknowledgement",
    "#### A task is done",
    "## Findings",
    "### Finding: It vanishes",
    "## The words of an account",
    "## What was run",
  ]);
  const [, , account, source, , told] = under("## Findings", document).concat(
    under("### Finding: It vanishes", document),
  );
  expect(account).toBe("3 published = 3 confirmed = 3 completed");
  expect(source).toContain("(findings/vanishing.spec.ts#L8) · contrary to [docs/confirms]");
  expect(told).toBe("- [It can vanish](findings/it-can-vanish.md)");
});

describe("the outline", () => {
  test("does not know what was found", () => {
    const notes = ["# no heading", "[no](link)", "*No* source"];
    const other = everywhere({ account: { published: 1, unknown: 1 }, notes });
    expect(outlineOf(documentOf(other))).toEqual(outlineOf(documentOf(onBoth())));
  });

  const changes: [string, Partial<SpecResult>][] = [
    ["another promise", { promise: "A task is lost" }],
    ["another kind", { kind: "limit" }],
    ["another family", { family: "durability" }],
    ["another type of queue", { queueType: "quorum" }],
    ["another documentation", { docs: "observed" }],
    ["another rank", { surprise: 1 }],
    ["another line", { line: 9 }],
  ];

  test.each(changes)("knows %s", (_, change) => {
    expect(outlineOf(documentOf([aSpec(change)]))).not.toEqual(outlineOf(documentOf([aSpec()])));
  });
});

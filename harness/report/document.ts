/**
 * The document of what RabbitMQ guarantees: results in, Markdown out. The same results make the
 * same document, whatever the machine and however long it took.
 */
import { familySection, promiseSections, tableOfContents } from "./document-families.ts";
import { blocks, countInWords, link, listInWords } from "./document-markdown.ts";
import { overviewTable } from "./document-overview.ts";
import { versionsOf } from "./document-places.ts";
import { rankedEntry } from "./document-promise.ts";
import { versionRow } from "./document-versions.ts";
import { wordTable } from "./document-words.ts";
import { familiesOf } from "./families.ts";
import type { SpecResult } from "./result.ts";

export const WRITE_COMMAND = "npm run guarantees -- --all-brokers --write";

const FINDINGS = "tests/findings/";
const DISASTERS = "tests/disasters/";

/** What the document says beside the results. */
export interface Circumstances {
  /** The day on which this was found: `2026-01-31`. */
  date: string;
  /** Versions of what the experiments were run with. */
  node: string;
  amqplib: string;
  articles: readonly Article[];
}

/** A finding that is told, and is no spec. */
export interface Article {
  title: string;
  /** From the folder of the document. */
  path: string;
}

/** @param specs of several brokers, in the order of the spec files. */
export function guaranteeDocument(specs: readonly SpecResult[], about: Circumstances): string {
  const parts = Map.groupBy(specs, ({ file }) =>
    [FINDINGS, DISASTERS].find((folder) => file.startsWith(folder)),
  );
  const lines = blocks(
    ["# What RabbitMQ guarantees"],
    ...introduction(specs, about),
    ...mostSurprising(specs),
    ...families(parts.get(undefined) ?? []),
    ...disasters(parts.get(DISASTERS) ?? []),
    ...findingsSection(parts.get(FINDINGS) ?? [], about.articles),
    ...explanations(specs, about),
  );
  return `${lines.join("\n")}\n`;
}

/**
 * The lines of a document that come from what the specs declare, and not from what was found:
 * headings, entries of lists that are links, and sources.
 */
export function outlineOf(document: string): string[] {
  return document.split("\n").filter((line) => /^(#|\d+\. \[|- \[|\*[A-Z])/.test(line));
}

function introduction(specs: readonly SpecResult[], { date }: Circumstances): string[][] {
  const versions = listInWords(versionsOf(specs));
  return [
    [
      "Every heading below that is a sentence is a **promise** about work queues on RabbitMQ, and each",
      "was proven by an experiment with real brokers and real workers, which were killed, cut off or",
      "restarted where the promise is about that. Every task, which is one message, is followed by",
      "its id. The **account** says what became of all of them: *100 published = 100 confirmed = 99",
      "completed + 1 duplicated*. Nothing is sampled, and what is zero is left out;",
      "[the words are explained](#the-words-of-an-account) at the end.",
    ],
    [
      "A **guarantee** is what you can rely on. A **limit** is where it ends: the same experiment with",
      "something weakened, and what is then lost or done twice, counted exactly. A **finding** is a",
      `documented promise that a version breaks. All of this was run on RabbitMQ ${versions},`,
      `and found as it is here on ${date}. Where no version or type of queue stands beside an`,
      "answer, it is the same on all of them. Each promise is linked to the spec that proves it, and to",
      "the documentation that makes it; *observed only* means that no documentation does.",
    ],
  ];
}

function mostSurprising(specs: readonly SpecResult[]): string[][] {
  const ranked = familiesOf(specs)
    .flatMap(({ promises }) => promises)
    .flatMap((promise) => {
      const rank = promise.found[0]?.surprise;
      return rank === undefined ? [] : { rank, promise };
    })
    .sort((a, b) => a.rank - b.rank);
  if (ranked.length === 0) return [];
  const [count, noun] = [countInWords(ranked.length), ranked.length === 1 ? "promise" : "promises"];
  return [
    [`## The ${count} ${noun} that most teams get wrong`],
    ...ranked.map(({ promise }, index) => rankedEntry(promise, index + 1)),
  ];
}

function families(specs: readonly SpecResult[]): string[][] {
  const all = familiesOf(specs);
  return [["## All promises"], tableOfContents(all), ...all.map((family) => familySection(family))];
}

function disasters(specs: readonly SpecResult[]): string[][] {
  if (specs.length === 0) return [];
  const all = familiesOf(specs);
  return [
    ["## Disasters"],
    [
      "The same accounts where more than a process dies: the power, the disk, a whole version, or nodes",
      "of a cluster. These are proven by `npm run disasters`.",
    ],
    tableOfContents(all),
    ...all.map((family) => familySection(family, overviewTable(family))),
  ];
}

function findingsSection(specs: readonly SpecResult[], articles: readonly Article[]): string[][] {
  if (specs.length + articles.length === 0) return [];
  return [
    ["## Findings"],
    [
      "Here the documentation promises one thing and a version does another. A finding's account is",
      "of what that version does, and its spec fails as soon as it no longer does.",
    ],
    ...familiesOf(specs).flatMap(({ promises }) => promiseSections(promises, 3)),
    ...(articles.length === 0 ? [] : [["Told, with a reproduction that is too long for a spec:"]]),
    articles.map(({ title, path }) => `- ${link(title, path)}`),
  ].filter((block) => block.length > 0);
}

function explanations(specs: readonly SpecResult[], about: Circumstances): string[][] {
  const images = new Map(specs.map(({ broker }) => [broker.version, broker.image]));
  return [
    ["## The words of an account"],
    [
      "An account adds up twice: *published = confirmed + returned + refused + unknown*, and *confirmed",
      "= completed + duplicated + parked + discarded + remaining + lost*.",
    ],
    wordTable(),
    ["## What was run"],
    [
      "| RabbitMQ | image |",
      "| --- | --- |",
      ...versionsOf(specs).map((version) => versionRow(version, images.get(version) ?? "")),
    ],
    [
      `The experiments ran on Node ${about.node} with amqplib ${about.amqplib}. This page is generated`,
      `by \`${WRITE_COMMAND}\`; edits of it are lost.`,
    ],
  ];
}

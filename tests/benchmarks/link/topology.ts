import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Broker } from "../../../harness/broker/broker.ts";
import { defaultImage } from "../../../harness/broker/image.ts";
import { say } from "../../../harness/cli/say.ts";
import type { Address } from "../../../harness/link/link.ts";
import { bootLanes } from "../../../harness/scenario/lanes.ts";
import { findHaproxy, startHaproxy } from "./haproxy.ts";
import { Helper } from "./helper.ts";
import type { LinkAnswers } from "./link-process.ts";
import type { LoadAnswers } from "./load-process.ts";
import type { PipeAnswers } from "./pipe-process.ts";

/** The ways to the broker that are compared. */
export type Path = "direct" | "link" | "pipe" | "haproxy";

/** A broker, the ways to it, and who drives load along them: each in a process of its own. */
export interface Topology {
  broker: Broker;
  /** By path, in a fixed order. All end at the same address of the broker. */
  addresses: Map<Path, Address>;
  load: Helper<LoadAnswers>;
  /** Starts another link to the broker, which records into a file of its own. */
  startLink(): Promise<RecordingLink>;
  close(): Promise<void>;
}

export interface RecordingLink {
  address: Address;
  helper: Helper<LinkAnswers>;
}

/**
 * As vitest's workers run, and so the link in every run of the suite: garbage is collected early
 * instead of piling up. Their --optimize-for-size is left out: the link would be measured with
 * code that is hardly compiled.
 */
const LITTLE_GARBAGE = ["--max-semi-space-size=2"];

/** @throws {SetupError} when there is no engine, no image, or no broker that comes up. */
export async function buildTopology(): Promise<Topology> {
  const directory = mkdtempSync(join(tmpdir(), "ackproof-bench-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const lanes = await bootLanes(await defaultImage(), 1);
  const broker = await Broker.attach(lanes.ids[0] as string);
  // The mapped port, as everything in the suite: the only address that every engine offers.
  const upstream = broker.amqp as Address;
  let links = 0;
  const startLink = async () => {
    const helper = new Helper<LinkAnswers>(program("link-process.ts"), LITTLE_GARBAGE);
    const path = join(directory, `history-${++links}.ndjson`);
    return { helper, address: await helper.ask("open", { upstream, path }) };
  };
  const link = await startLink();
  const load = new Helper<LoadAnswers>(program("load-process.ts"));
  const pipe = new Helper<PipeAnswers>(program("pipe-process.ts"), LITTLE_GARBAGE);
  const haproxy = await tryHaproxy(upstream, directory);
  const addresses = new Map<Path, Address>([
    ["direct", upstream],
    ["link", link.address],
    ["pipe", await pipe.ask("open", upstream)],
  ]);
  if (haproxy) addresses.set("haproxy", haproxy.address);
  const close = async () => {
    await Promise.all([load.stop(), pipe.stop(), link.helper.stop(), haproxy?.stop()]);
    await lanes.close();
  };
  return { broker, addresses, load, startLink, close };
}

async function tryHaproxy(upstream: Address, directory: string) {
  const found = await findHaproxy();
  if ("command" in found) return startHaproxy(found.command, upstream, directory);
  say(`haproxy: skipped. ${found.missing}`);
  return undefined;
}

function program(file: string): URL {
  return new URL(file, import.meta.url);
}

/** The whole link, in a process of its own, under hostile bytes from both sides. */
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { within } from "../../../harness/until.ts";
import { heartbeatFrame, protocolHeader } from "../amqp/amqplib-codec.ts";
import { deadlineFor, settings } from "./budget.ts";
import { damaged, damages } from "./damage.ts";
import { type Answer, DEADLINE, LinkProcess } from "./link-process.ts";
import { FakeBroker, Peer } from "./peer.ts";
import { isRefused } from "./refusal.ts";
import { validFrames } from "./streams.ts";

const MIB = 1024 * 1024;

/** Bytes that the link's process may ever have had more than before its first input. */
const MOST_MEMORY = 64 * MIB;

/** Bytes that it may keep when all connections are gone. */
const MOST_KEPT = 8 * MIB;

const PART = "the live link";

/** Both sides of a connection. */
interface Conversation {
  fromClient: Buffer;
  fromBroker: Buffer;
  /** How the client ends what was not cut. */
  reset: boolean;
}

const conversation: fc.Arbitrary<Conversation> = fc
  .record(
    {
      client: validFrames("client"),
      clientHarm: damages,
      broker: validFrames("broker"),
      brokerHarm: damages,
      reset: fc.boolean(),
    },
    { noNullPrototype: true },
  )
  .map(({ client, clientHarm, broker, brokerHarm, reset }) => ({
    fromClient: damaged([protocolHeader, ...client], clientHarm),
    fromBroker: damaged(broker, brokerHarm),
    reset,
  }));

test(
  "the link survives every input, says whose fault it was, and forgets it",
  async () => {
    const broker = await FakeBroker.listen();
    onTestFinished(() => broker.close());
    const link = await LinkProcess.start(broker.address);
    onTestFinished(() => link.close());
    const bystander = await Peer.connect(link.address);
    (await broker.accept()).answerWith(heartbeatFrame);
    bystander.write(protocolHeader);
    const memory = new Memory(await link.settle(1));
    const outcomes = { refused: 0, passed: 0 };
    let alive = 1;
    const property = fc.asyncProperty(conversation, async (input) => {
      const client = await Peer.connect(link.address);
      const there = await broker.accept();
      const culprits = culpritsOf(input);
      outcomes[culprits.length > 0 ? "refused" : "passed"]++;
      client.write(input.fromClient);
      there.write(input.fromBroker);
      if (culprits.length === 0) await expectPassage(input, client, there);
      const bothEnded = Promise.all([client.closed, there.closed]);
      await within("both ends to be closed", bothEnded, DEADLINE);
      const answer = await link.settle(1);
      memory.see(answer);
      expect(answer.violations).toHaveLength(Math.min(1, culprits.length));
      for (const { by } of answer.violations) expect(culprits).toContain(by);
      // Nobody else has noticed.
      bystander.write(heartbeatFrame);
      alive++;
      await bystander.until("a sign of life", ({ length }) => length >= alive * 8);
      expect(bystander.isClosed).toBe(false);
    });
    // Not made smaller: an input that hangs takes a deadline each time.
    await fc.assert(property, { ...settings(PART), endOnFailure: true });
    bystander.end();
    await link.settle(0);
    console.log(`fuzz: ${memory}`);
    expect(outcomes.refused).toBeGreaterThan(outcomes.passed / 10);
    expect(outcomes.passed).toBeGreaterThan(outcomes.refused / 10);
    expect(memory.growth).toBeLessThan(MOST_MEMORY);
    expect(memory.kept).toBeLessThan(MOST_KEPT);
  },
  deadlineFor(PART),
);

function culpritsOf({ fromClient, fromBroker }: Conversation): ("client" | "broker")[] {
  const culprits: ("client" | "broker")[] = [];
  if (isRefused(fromClient, { protocolHeader: true })) culprits.push("client");
  if (isRefused(fromBroker, { protocolHeader: false })) culprits.push("broker");
  return culprits;
}

/** Every byte of both sides comes through as it was; then the client goes. */
async function expectPassage(input: Conversation, client: Peer, there: Peer): Promise<void> {
  const { fromClient, fromBroker, reset } = input;
  await there.until("the client's bytes", ({ length }) => length >= fromClient.length);
  await client.until("the broker's bytes", ({ length }) => length >= fromBroker.length);
  expect(there.received.toString("hex")).toBe(fromClient.toString("hex"));
  expect(client.received.toString("hex")).toBe(fromBroker.toString("hex"));
  if (reset) client.reset();
  else client.end();
}

/** How much memory the link's process had, in the worst case, since before the first input. */
class Memory {
  readonly #before: Required<Answer>;
  growth = 0;
  kept = 0;

  constructor(before: Answer) {
    this.#before = { kept: Number.NaN, ...before };
  }

  see({ peak, kept }: Answer): void {
    this.growth = Math.max(this.growth, peak - this.#before.peak);
    if (kept !== undefined) this.kept = Math.max(this.kept, kept - this.#before.kept);
  }

  toString(): string {
    const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
    return `the link had ${mib(this.#before.peak)} before, at most ${mib(this.growth)} more, and kept at most ${mib(this.kept)} more`;
  }
}

import { expect, test } from "vitest";
import { parseSoak } from "../../../harness/cli/soak-arguments.ts";

test("a soak has defaults for all", () => {
  expect(parseSoak([])).toEqual({
    messages: 100_000,
    seed: undefined,
    workerKills: 20,
    brokerKills: 3,
    queueType: "classic",
    broker: undefined,
    help: false,
  });
});

test.each([
  ["1000000", 20, 3],
  ["20000", 4, 1],
  ["4999", 0, 0],
])("of %s messages, %i worker kills and %i of the broker", (messages, workerKills, brokerKills) => {
  expect(parseSoak(["--messages", messages])).toMatchObject({ workerKills, brokerKills });
});

test("whatever is asked for counts", () => {
  const asked = ["--messages", "50", "--seed", "0", "--worker-kills", "0", "--broker-kills", "2"];
  expect(parseSoak([...asked, "--queue", "quorum", "--broker", "4.0"])).toMatchObject({
    messages: 50,
    seed: 0,
    workerKills: 0,
    brokerKills: 2,
    queueType: "quorum",
    broker: "4.0",
  });
});

test("a broker that is somebody else's is not killed", () => {
  const given = ["--broker", "amqp://guest:guest@host/"];
  expect(parseSoak(given)).toMatchObject({ workerKills: 20, brokerKills: 0 });
  expect(() => parseSoak([...given, "--broker-kills", "1"])).toThrow("not ours to kill");
});

test.each([
  [["--messages", "0"], '--messages is a whole number from 1 to 2147483647, not "0"'],
  [["--messages", "many"], '--messages is a whole number from 1 to 2147483647, not "many"'],
  [["--seed", "4294967296"], '--seed is a whole number from 0 to 2147483647, not "4294967296"'],
  [["--worker-kills", "-1"], "--worker-kills"],
  [["--queue", "stream"], '--queue is classic or quorum, not "stream"'],
  [["--fast"], "Unknown option '--fast'"],
  [["1000"], "Unexpected argument '1000'"],
])("%j is refused, with what there is", (args, words) => {
  expect(() => parseSoak(args)).toThrow(words);
});

import { expect, test } from "vitest";
import { parseGiven } from "../../harness/broker/given.ts";
import { SetupError } from "../../harness/errors.ts";

test("a broker's URL needs no more than a host", () => {
  const amqp = { host: "broker", port: 5672 };
  expect(parseGiven("amqp://broker")).toEqual({
    amqp,
    username: "guest",
    password: "guest",
    vhost: "/",
  });
  expect(parseGiven("amqp://me:a%2Cb@broker:5673/a%2Fb")).toEqual({
    amqp: { ...amqp, port: 5673 },
    username: "me",
    password: "a,b",
    vhost: "a/b",
  });
});

test.each([
  "amqp://one,two",
  "amqp://one:5672,amqp://two:5672",
  "amqp://one:5672,two:5672/",
  "one",
])("%s is no single address: a cluster has one, too", (url) => {
  expect(() => parseGiven(url)).toThrow(SetupError);
  expect(() => parseGiven(url)).toThrow(/Of a cluster, give that of one node, or of the balancer/);
});

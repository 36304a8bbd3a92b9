/** A subject that has to wait: what it sends stays with it, and everything else goes on. */
import { expect } from "vitest";
import { frame, test } from "./line.ts";

/** 16 MiB: more than the machine's buffers take between a client and a link that reads nothing. */
const MUCH = Array.from({ length: 160 }, (_, n) => frame(Buffer.alloc(102_400, n)));
const SOME = MUCH.slice(0, 20);

test("its bytes wait, nobody else's do, and none is lost", async ({ line }) => {
  const pair = await line.connect();
  const other = await line.connect("other");
  line.link.stem("client", true);
  pair.client.write(...MUCH);
  other.client.write(...SOME);
  await other.broker.receives(...SOME);
  expect(pair.client.unsent).toBeGreaterThan(0);
  pair.broker.write(frame("to the client"));
  await pair.client.receives(frame("to the client"));
  line.link.stem("client", false);
  await pair.broker.receives(...MUCH);
  expect(pair.client.unsent).toBe(0);
});

test("a connection that it makes meanwhile waits as well", async ({ line }) => {
  line.link.stem("client", true);
  const pair = await line.begin();
  const other = await line.connect("other");
  other.client.write(...SOME);
  await other.broker.receives(...SOME);
  expect(pair.broker.isOpened).toBe(false);
  line.link.stem("client", false);
  await pair.broker.until("the protocol header", () => pair.broker.isOpened);
});

import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { reset } from "../../../harness/link/reset.ts";
import { within } from "../../../harness/until.ts";

const DEADLINE = 5_000;

/** Both ends of a connection, and how the second one learns that it is over. */
async function connected() {
  const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const socket = createConnection({ port, host: "127.0.0.1", allowHalfOpen: true });
  const [[peer]] = (await Promise.all([once(server, "connection"), once(socket, "connect")])) as [
    [Socket],
    unknown,
  ];
  onTestFinished(() => {
    for (const end of [socket, peer]) end.destroy();
    server.close();
  });
  const learned: string[] = [];
  peer.on("end", () => learned.push("end"));
  peer.on("error", ({ code }: NodeJS.ErrnoException) => learned.push(code ?? "?"));
  return { socket, peer, learned };
}

const closed = (socket: Socket) =>
  within("its close", new Promise((resolve) => socket.once("close", resolve)), DEADLINE);

test("a connection that stands is reset", async () => {
  const { socket, peer, learned } = await connected();
  peer.resume();
  reset(socket);
  await Promise.all([closed(socket), closed(peer)]);
  expect(learned).toEqual(["ECONNRESET"]);
});

test("one whose end is just under way is reset behind it", async () => {
  const { socket, peer, learned } = await connected();
  peer.resume();
  socket.end();
  await Promise.resolve(); // Now the end is with the system's library, and not done.
  reset(socket);
  await Promise.all([closed(socket), once(peer, "end")]);
  peer.write("to nobody"); // Who has had an end hears of a reset only then.
  await closed(peer);
  expect(learned).toEqual(["end", expect.stringMatching(/^(EPIPE|ECONNRESET)$/)]);
});

test("one whose end waits for a peer that does not read is reset at once", async () => {
  const { socket, peer, learned } = await connected();
  peer.pause();
  socket.end(Buffer.alloc(20_000_000));
  reset(socket);
  await closed(socket);
  peer.resume();
  await closed(peer);
  expect(learned).toEqual(["ECONNRESET"]);
});

test("one that is gone stays so", async () => {
  const { socket } = await connected();
  socket.destroy();
  await closed(socket);
  reset(socket);
  expect(socket.destroyed).toBe(true);
});
